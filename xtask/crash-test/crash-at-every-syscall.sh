#!/bin/bash
# crash-at-every-syscall.sh - kill a program before each system call it makes, or make each call fail,
# and check after every single run that what it promises about its files still holds.
#
# Needs: bash, strace >= 4.17 (tested with 6.1). Works on static musl programs, i686 and x86_64, threads included.
#
#   crash-at-every-syscall.sh kill  CONF        SIGKILL before syscall 1, 2, 3, ... to the last
#   crash-at-every-syscall.sh error CONF        every call x every errno in $ERRORS, once each
#   crash-at-every-syscall.sh sticky CONF       the same, but the call keeps failing from the N-th on (full disk)
#   crash-at-every-syscall.sh order CONF        one run: fsync(file) before rename; fsync(folder) after it, before anything
#                                               is deleted, said to be `copied`, or the run ends
#   crash-at-every-syscall.sh list  CONF        print the kill points only
#
# CONF is a bash file that sets
#   RUN=(program args...)     what to run (an array); run from the current folder
#   setup()                   bring the folder to the starting state (called before every run)
#   check_crash()             must hold after a kill at any moment            (return 1 = broken promise)
#   check_done()              must hold after a following undisturbed run     (return 1 = did not recover)
#   check_error RC            must hold after a run with an injected error; RC = the program's exit code
# and may set
#   SKIP='brk|mmap2?|munmap|mprotect|...'    calls that are no kill points (regular expression, default below)
#   ERRORS='write:ENOSPC,EIO fsync:EIO ...'  (default below)
#   RUN_TIMEOUT=20                            seconds; a run that takes longer counts as a hang
# In the environment, FIRST=yes ends it with the first broken promise. QUICK=yes takes of each call's errors the first only, and kills
# only before calls that may change a file or folder: a kill before any other call leaves what a kill before the next such call leaves.
# An example CONF stands at the end of this file.
#
# How it works
#   1. one run under `strace -f` gives, for each thread and call name, how often it is made;
#   2. strace counts `when=N` per thread and per call name, so every (name, N) up to the largest per-thread count
#      is one point; `inject=NAME:signal=KILL:when=N` kills on ENTRY: the N-th call is NOT executed. Killing before
#      call k+1 is killing after call k, so all states between two calls are covered (not the inside of one write:
#      use a tiny tmpfs for real short writes, see `sticky` and the note at the end);
#   3. the kill counts as reached only if the run died of SIGKILL (exit 137); unreached points are reported.
# What it does not show: power loss. SIGKILL keeps the page cache, so a missing fsync passes `kill`; `order` checks
# the fsync/rename order instead.
set -u
MODE=${1:?mode: kill|error|sticky|order|list}; CONF=${2:?configuration file}
SKIP='execve|brk|mmap2?|munmap|mremap|mprotect|madvise|arch_prctl|set_thread_area|set_tid_address|set_robust_list|rt_sig.*|sigaltstack|gettid|getpid|sched_.*|futex|clock_.*|exit|exit_group|restart_syscall|clone|poll|nanosleep'
ERRORS='write,writev,pwrite64:ENOSPC,EIO,EDQUOT fsync,fdatasync:EIO,ENOSPC rename,renameat,renameat2,link,linkat:EIO,ENOSPC,EACCES,EXDEV open,openat:EACCES,EMFILE,ENOENT,EIO,ELOOP read,pread64,readv:EIO getdents64:EIO close:EIO unlink,unlinkat:EACCES,EIO stat,lstat,fstat,newfstatat,statx,stat64,lstat64,fstat64,fstatat64:EIO,EACCES,ENOENT statfs,statfs64,fstatfs64:EIO flock,fcntl,fcntl64:EWOULDBLOCK,ENOLCK mkdir,mkdirat:ENOSPC,EACCES lseek,_llseek:EIO ftruncate,ftruncate64:EIO chmod,fchmod,fchown,chown:EPERM utimes,utimensat,futimesat:EPERM read,write:EINTR'
UNCHANGING='readv?|pread64|_?llseek|lseek|[lf]?stat(64)?|fstatat64|newfstatat|statx|f?statfs(64)?|getdents64|close|readlink(at)?|access|faccessat2?|uname|getrandom|get[eu]?[ug]id(32)?|getpriority|ioprio_get|prctl|sysinfo|fcntl(64)?|fadvise64(_64)?|prlimit64|rseq|ioprio_set|setpriority'
[ "${QUICK:-}" = yes ] && SKIP="$SKIP|$UNCHANGING"
RUN_TIMEOUT=20
. "$CONF" || exit 2
# Counts a broken promise.
broken() { bad=$((bad + 1)); echo "$1"; [ "${FIRST:-}" != yes ] || { echo "found out in run $n"; exit 1; }; }
W=$(mktemp -d) || exit 2; trap 'rm -rf "$W"' EXIT

trace_once() { # -> $W/points: NAME COUNT (the largest count in one thread)
    setup || { echo "setup failed"; exit 3; }
    strace -f -qq -o "$W/trace" "${RUN[@]}" >"$W/out" 2>&1; local rc=$?
    # lines: PID NAME(args) = ret | PID <... NAME resumed> | PID +++ exited
    awk '{pid=$1; s=$0; sub(/^[0-9]+ +/,"",s)
          if (match(s,/^[a-z_0-9]+\(/)) { n=substr(s,1,RLENGTH-1); c[pid" "n]++ }}
         END {for (k in c) {split(k,a," "); if (c[k]>m[a[2]]) m[a[2]]=c[k]} for (n in m) print n, m[n]}' "$W/trace" | sort >"$W/points"
    return $rc
}
# run under strace with an injection; the inner bash keeps "Killed" messages out of our output
inject() { bash -c '"$@"; exit $?' _ timeout -k 1 "$RUN_TIMEOUT" strace -f -qq -o /dev/null -e trace="$1" -e inject="$1:$2" "${RUN[@]}" >"$W/out" 2>&1 </dev/null; }

case $MODE in
list|kill)
    trace_once || { echo "the undisturbed run exits $?:"; tail -5 "$W/out"; exit 2; }
    check_done || { echo "check_done fails after an undisturbed run: fix CONF first"; exit 2; }
    grep -vE "^($SKIP) " "$W/points" >"$W/use"
    total=$(awk '{s+=$2} END{print s+0}' "$W/use")
    echo "kill points: $total   ($(awk '{printf "%s x%d  ",$1,$2}' "$W/use"))"
    [ "$MODE" = list ] && exit 0
    bad=0 missed=0 n=0
    while read -r name count; do
        for ((k = 1; k <= count; k++)); do
            setup; n=$((n + 1))
            inject "$name" "signal=KILL:when=$k"; rc=$?
            [ $rc -eq 137 ] || { missed=$((missed + 1)); echo "not reached: $name #$k (exit $rc)"; continue; }
            check_crash || broken "BROKEN after kill before $name #$k"
            "${RUN[@]}" >"$W/out" 2>&1 </dev/null; rc=$?
            check_done || broken "NOT RECOVERED by the next run (exit $rc) after kill before $name #$k: $(tail -1 "$W/out")"
        done
    done <"$W/use"
    echo "killed at $n points, $missed not reached, $bad broken"
    [ $bad -eq 0 ]
    ;;
error|sticky)
    trace_once || { echo "the undisturbed run fails"; exit 2; }
    bad=0 n=0; plus=; [ "$MODE" = sticky ] && plus=+
    for group in $ERRORS; do
        names=${group%%:*} errs=${group#*:}
        [ "${QUICK:-}" = yes ] && errs=${errs%%,*}
        for name in ${names//,/ }; do
            count=$(awk -v n="$name" '$1==n{print $2}' "$W/points"); [ -n "$count" ] || continue
            for err in ${errs//,/ }; do
                [ "$MODE$err" = stickyEINTR ] && continue   # retrying EINTR for ever is right
                for ((k = 1; k <= count; k++)); do
                    setup; n=$((n + 1))
                    inject "$name" "error=$err:when=$k$plus"; rc=$?
                    [ $rc -eq 124 ] && { broken "HANG: $name #$k $err"; continue; }
                    grep -q "panicked at" "$W/out" && broken "PANIC: $name #$k $err: $(grep -m1 -A1 'panicked at' "$W/out" | tr '\n' ' ')"
                    check_error $rc || broken "BROKEN: $name #$k $err (exit $rc): $(tail -1 "$W/out")"
                    "${RUN[@]}" >"$W/out" 2>&1 </dev/null
                    check_done || broken "NOT RECOVERED after $name #$k $err: $(tail -1 "$W/out")"
                done
            done
        done
    done
    echo "$n runs with an injected error, $bad broken"
    [ $bad -eq 0 ]
    ;;
order)
    trace_once
    setup; strace -f -qq -y -o "$W/y" -e trace=open,openat,creat,write,writev,pwrite64,ftruncate,ftruncate64,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat "${RUN[@]}" >"$W/out" 2>&1
    awk '
    function dirof(p,  d){d=p; if (!sub(/\/[^\/]*$/,"",d)) d="."; return d}
    # The path of NAME, which stands behind the descriptor of its folder where there is one: renameat(4</dst>, "a", 4</dst>, "b")
    function at(before, name){ if (name ~ /^\//) return name
        return match(before,/<[^>]*>/) ? substr(before,RSTART+1,RLENGTH-2) "/" name : cwd "/" name }
    { sub(/^[0-9]+ +/,"") }
    /^(write|writev|pwrite64|ftruncate|ftruncate64)\(/ { if (match($0,/<[^>]*>/)) {p=substr($0,RSTART+1,RLENGTH-2); dirty[p]=NR} }
    /^(fsync|fdatasync)\(/ { if (match($0,/<[^>]*>/)) {p=substr($0,RSTART+1,RLENGTH-2); if ($0 ~ /= 0/) {delete dirty[p]; delete pend[p]}} }
    /^(rename|renameat|renameat2|link|linkat)\(/ { split($0,q,"\""); a=at(q[1],q[2]); b=at(q[3],q[4]); seen++
        if (a in dirty) {bad++; print "rename before fsync: " a " -> " b}
        pend[dirof(b)]=b }
    /^(unlink|unlinkat)\(/ { split($0,q,"\""); for (d in pend) {bad++; print "unlink of " q[2] " before fsync of folder " d " (renamed: " pend[d] ")"} }
    /^write\(1[<,]/ && /"copied / { for (d in pend) {bad++; print "said to be copied before fsync of folder " d ": " $0} }
    END { for (d in pend) {bad++; print "no fsync of folder " d " after rename to " pend[d]}
          for (p in dirty) if (p ~ /^\// && p !~ /^\/(dev|proc)\// && p != w "/out") {print "note: written, never synced: " p}
          print seen+0 " renames, " bad+0 " out of order"; exit bad>0 }' cwd="$PWD" w="$W" "$W/y"
    ;;
*) echo "mode?"; exit 2 ;;
esac
# Real short writes and a really full disk (strace can only fail a call, not half-do it):
#   mount -t tmpfs -o size=200k none /tmp/small && RUN with its backup folder there; or `ulimit -f 20` (EFBIG + SIGXFSZ).
# Power loss for real: a VM whose disk is an image file. Boot any kernel + ramdisk with the program (qemu, -nic none,
#   -drive file=img,format=raw,cache=writeback), let it print DONE, kill qemu by its pid at that moment (the guest's page cache is
#   gone, what it flushed is in the image), e2fsck -fy img, mount -o loop,ro img, check. Tried with kernel 2.6.21.5, ext2:
#   with fsync + rename + folder fsync all files are whole; the same program without fsync had reported success and left an empty folder.
# Widening a race window instead of killing: -e inject=rename:delay_enter=2000000 (microseconds), swap the path meanwhile.
#
# Example CONF (a tool that gzips $D/src/*.log to $D/dst):
#   D=/tmp/crashtest; RUN=(./backup $D/src $D/dst)
#   setup() { rm -rf $D; mkdir -p $D/src $D/dst; seq 200000 >$D/src/a.log; seq 90000 >$D/src/b.log; }
#   whole() { local f; for f in $D/dst/*.gz; do [ -e "$f" ] || continue; zcat "$f" 2>/dev/null | cmp -s - $D/src/"$(basename "$f" .gz)" || return 1; done; }
#   check_crash() { whole; }                                            # a final name is always a whole file
#   check_done()  { whole && [ "$(ls -A $D/dst)" = "$(printf 'a.log.gz\nb.log.gz')" ]; }   # all done, no temp left
#   check_error() { whole && { [ "$1" -ne 0 ] || check_done; }; }       # exit 0 only if the work is really done
