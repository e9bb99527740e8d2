# First process of a sandbox of plain processes: starts the command and, when that ends or SIGTERM says that the platform is
# gone, kills all that descends from it. As "child subreaper" (prctl(2)) it becomes the parent of every daemon, whatever
# session or environment that has taken. Arguments: number of the system call prctl, the command's filter for system calls in
# hexadecimal digits (none if empty; it needs no_new_privs), then the command. Its variables come on descriptor 4, each ended by a NUL.
use strict;
my ($prctl, $filter, @command) = @ARGV;
open(my $variables, '<&=', 4) or exit 71;
%ENV = map { split /=/, $_, 2 } split /\0/, do { local $/; <$variables> // '' };
close $variables;
syscall($prctl + 0, 36, 1, 0, 0, 0);    # PR_SET_CHILD_SUBREAPER
my $over = 0;
$SIG{TERM} = sub { $over = 1 };
my $child = fork();
exit 71 unless defined $child;
if ($child == 0) {
    $SIG{TERM} = 'DEFAULT';
    syscall($prctl + 0, 1, 9, 0, 0, 0);    # PR_SET_PDEATHSIG: not without its supervisor
    if ($filter) {
        my $program = pack 'H*', $filter;
        my $of = pack 'S x6 P', length($program) / 8, $program;    # struct sock_fprog
        exit 71 if syscall($prctl + 0, 22, 2, $of, 0, 0) != 0;    # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
    }
    exec { $command[0] } @command;
    exit 127;
}
# The streams are the command's alone, so that their end is seen.
close STDIN; close STDOUT; close STDERR;
if (open(my $answers, '>&=', 3)) { close $answers }
until ($over) {
    my $ended = waitpid(-1, 0);
    $over = 1 if $ended == $child || ($ended < 0 && !$! == 4);
}
my $end = time + 10;
while (time < $end) {
    open(my $list, '<', "/proc/$$/task/$$/children") or last;
    my @children = split ' ', (<$list> // '');
    close $list;
    last unless @children;
    kill 'KILL', @children;
    1 while waitpid(-1, 1) > 0;    # WNOHANG
    select undef, undef, undef, 0.002;
}
