# First program of every sandbox, which becomes the next one: keeps no descriptor above the given one, no keyring of the
# user's session, and, where the kernel can (Landlock, ABI 6: landlock(7)), neither connects to abstract Unix sockets outside
# of the sandbox nor signals processes there. Arguments: the last descriptor, the numbers of the system calls close, prctl and
# keyctl, 1 to be scoped or 0, then the command.
use strict;
my ($last, $close, $prctl, $keyctl, $scoped, @command) = @ARGV;
my $none = 0;
if (syscall(436, $last + 1, 0xffffffff, $none) != 0) {    # close_range, from Linux 5.9
    opendir(my $list, '/proc/self/fd') or die "/proc/self/fd: $!\n";
    my @open = grep { /^\d+$/ && $_ > $last } readdir $list;
    closedir $list;
    syscall($close + 0, $_ + 0) for @open;
}
syscall($keyctl + 0, 1, $none, $none, $none, $none);    # KEYCTL_JOIN_SESSION_KEYRING: a new one without a name
if ($scoped) {
    syscall($prctl + 0, 38, 1, $none, $none, $none);    # PR_SET_NO_NEW_PRIVS
    my $attributes = pack 'QQQ', 0, 0, 3;    # scoped: abstract Unix sockets, signals
    my $ruleset = syscall(444, $attributes, length $attributes, $none);    # landlock_create_ruleset
    die "landlock: $!\n" if $ruleset < 0 || syscall(446, $ruleset, $none) != 0;    # landlock_restrict_self
    syscall($close + 0, $ruleset);
}
exec { $command[0] } @command;
die "$command[0]: $!\n";
