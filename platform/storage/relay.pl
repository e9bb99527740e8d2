# Joins a Unix socket with the port of a server, in a network namespace that only these two share.
#
#     relay.pl SOCKET PORT COMMAND...
#
# Starts COMMAND, and ends with it and with its status. The socket is for its owner alone. Perl, since an idle Python with asyncio
# takes three times as much memory.
use strict;
use warnings;
use Errno qw(EAGAIN EINPROGRESS EINTR);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Socket qw(AF_INET AF_UNIX INADDR_LOOPBACK SHUT_WR SOCK_STREAM SOMAXCONN pack_sockaddr_in pack_sockaddr_un);

my $CHUNK = 65536;
my ($path, $port, @command) = @ARGV;
$SIG{PIPE} = 'IGNORE';

sub open_socket {
    my ($domain) = @_;
    socket(my $socket, $domain, SOCK_STREAM, 0) or return;
    set_nonblocking($socket);
    return $socket;
}

sub set_nonblocking {
    my ($handle) = @_;
    fcntl($handle, F_SETFL, fcntl($handle, F_GETFL, 0) | O_NONBLOCK);
}

# The command holds the other end of this pipe: it is closed when the command ends.
my ($life, $held);
{
    local $^F = 1023;    # not to be closed by exec
    pipe($life, $held) or die "pipe: $!\n";
}

umask 0177;
unlink $path;
my $listener = open_socket(AF_UNIX) or die "socket: $!\n";
bind($listener, pack_sockaddr_un($path)) or die "$path: $!\n";
listen($listener, SOMAXCONN) or die "$path: $!\n";
umask 0077;

my $child = fork() // die "fork: $!\n";
if ($child == 0) {
    close $life;
    $SIG{PIPE} = 'DEFAULT';
    exec { $command[0] } @command;
    exit 127;
}
close $held;

# One direction of a connection: bytes that were read and not written yet, and how far it has come. Both directions of a
# connection know each other, and are found by what they read from.
my %ways;
# False while the process has as many files open as it may.
my $accepting = 1;

sub join_ends {
    my ($caller) = @_;
    set_nonblocking($caller);
    my $server = open_socket(AF_INET) or return;
    # A server that does not listen shows when it is read from.
    connect($server, pack_sockaddr_in($port, INADDR_LOOPBACK)) or $! == EINPROGRESS or return;
    my $there = { from => $caller, to => $server, bytes => '', ended => 0 };
    my $back = { from => $server, to => $caller, bytes => '', ended => 0 };
    ($there->{other}, $back->{other}) = ($back, $there);
    $ways{fileno $_->{from}} = $_ for $there, $back;
}

# Both directions: when both have ended, or one side has gone in the middle.
sub cut {
    my ($way) = @_;
    for my $each ($way, $way->{other}) {
        delete $ways{fileno $each->{from}};
        close $each->{from};
    }
    delete $way->{other}{other};
    delete $way->{other};
    $accepting = 1;
}

# A failure that is none: it goes on later.
sub is_early { return $! == EAGAIN || $! == EINTR || $! == EINPROGRESS }

sub read_some {
    my ($way) = @_;
    my $count = sysread($way->{from}, $way->{bytes}, $CHUNK);
    if (!defined $count) { cut($way) unless is_early(); return }
    if ($count > 0) { write_some($way); return }
    $way->{ended} = 1;
    if ($way->{other}{ended}) { cut($way) }
    else { shutdown($way->{to}, SHUT_WR) }
}

sub write_some {
    my ($way) = @_;
    my $count = syswrite($way->{to}, $way->{bytes});
    if (defined $count) { substr($way->{bytes}, 0, $count, '') }
    else { cut($way) unless is_early() }
}

for (;;) {
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $life, 1) = 1;
    vec($readable, fileno $listener, 1) = 1 if $accepting;
    for my $way (values %ways) {
        if ($way->{bytes} ne '') { vec($writable, fileno $way->{to}, 1) = 1 }
        elsif (!$way->{ended}) { vec($readable, fileno $way->{from}, 1) = 1 }
    }
    next if select($readable, $writable, undef, undef) < 0;
    last if vec($readable, fileno $life, 1);
    my @all = values %ways;
    for my $way (@all) {
        next unless $way->{other};    # cut meanwhile
        if ($way->{bytes} ne '') { write_some($way) if vec($writable, fileno $way->{to}, 1) }
        elsif (!$way->{ended} && vec($readable, fileno $way->{from}, 1)) { read_some($way) }
    }
    next unless $accepting && vec($readable, fileno $listener, 1);
    if (accept(my $caller, $listener)) { join_ends($caller) }
    elsif (!is_early()) { $accepting = 0 }
}
waitpid($child, 0);
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
