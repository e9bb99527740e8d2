# First process of a sandbox of plain processes: starts the command and, when that ends or SIGTERM says that the platform is
# gone, kills all that descends from it. As "child subreaper" (prctl(2)) it becomes the parent of every daemon, whatever
# session or environment that has taken. Arguments: number of the system call prctl, then the command.
use strict;
my ($prctl, @command) = @ARGV;
syscall($prctl + 0, 36, 1, 0, 0, 0);    # PR_SET_CHILD_SUBREAPER
my $over = 0;
$SIG{TERM} = sub { $over = 1 };
my $child = fork();
exit 71 unless defined $child;
if ($child == 0) {
    $SIG{TERM} = 'DEFAULT';
    syscall($prctl + 0, 1, 9, 0, 0, 0);    # PR_SET_PDEATHSIG: not without its supervisor
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
