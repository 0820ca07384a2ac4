#!/usr/bin/env bash
# kernel-floor.sh - which system calls of a static program does an older Linux kernel not have, and does it do without them?
#
#   kernel-floor.sh issued FLOOR PROGRAM ARGS...      runs it, and names the calls it makes that FLOOR does not have
#   kernel-floor.sh strace FLOOR PROGRAM ARGS...      runs it with all of those failing with ENOSYS; its output and its status
#                                                     are the program's
#
# FLOOR: 2.6.18 (plain, RHEL 5.0-5.2)  el5 (RHEL 5.5-5.7)  el6 (2.6.32)  el7 (3.10)  el8 (4.18)
# Needs bash, awk, file, strace from 4.17 on.
#
# What strace cannot show, and oldk.c beside this file does:
#   - a call that exists and whose flag or sub-command does not: FUTEX_WAIT_BITSET (2.6.25), futimesat(fd, NULL) (2.6.22),
#     sendfile to a file (2.6.33), AT_EMPTY_PATH (2.6.39), F_DUPFD_CLOEXEC (2.6.24), SOCK_CLOEXEC (2.6.27), O_TMPFILE (3.11)
#   - looks at the clock, which the vDSO hides (on i386 the old kernel has none)
set -u
# Name, number on i386, number on x86_64, first kernel. v2.6.18 ends with 317 and 279 (move_pages).
TABLE='getcpu 318 309 2.6.19
epoll_pwait 319 281 2.6.19
utimensat 320 280 2.6.22
kexec_file_load - 320 3.17
signalfd 321 282 2.6.22
timerfd_create 322 283 2.6.25
eventfd 323 284 2.6.22
fallocate 324 285 2.6.23
timerfd_settime 325 286 2.6.25
timerfd_gettime 326 287 2.6.25
signalfd4 327 289 2.6.27
eventfd2 328 290 2.6.27
epoll_create1 329 291 2.6.27
dup3 330 292 2.6.27
pipe2 331 293 2.6.27
inotify_init1 332 294 2.6.27
preadv 333 295 2.6.30
pwritev 334 296 2.6.30
rt_tgsigqueueinfo 335 297 2.6.31
perf_event_open 336 298 2.6.31
recvmmsg 337 299 2.6.33
fanotify_init 338 300 2.6.37
fanotify_mark 339 301 2.6.37
prlimit64 340 302 2.6.36
name_to_handle_at 341 303 2.6.39
open_by_handle_at 342 304 2.6.39
clock_adjtime 343 305 2.6.39
syncfs 344 306 2.6.39
sendmmsg 345 307 3.0
setns 346 308 3.0
process_vm_readv 347 310 3.2
process_vm_writev 348 311 3.2
kcmp 349 312 3.5
finit_module 350 313 3.8
sched_setattr 351 314 3.14
sched_getattr 352 315 3.14
renameat2 353 316 3.15
seccomp 354 317 3.17
getrandom 355 318 3.17
memfd_create 356 319 3.17
bpf 357 321 3.18
execveat 358 322 3.19
socket 359 - 4.3
socketpair 360 - 4.3
bind 361 - 4.3
connect 362 - 4.3
listen 363 - 4.3
accept4 364 288 2.6.28
getsockopt 365 - 4.3
setsockopt 366 - 4.3
getsockname 367 - 4.3
getpeername 368 - 4.3
sendto 369 - 4.3
sendmsg 370 - 4.3
recvfrom 371 - 4.3
recvmsg 372 - 4.3
shutdown 373 - 4.3
userfaultfd 374 323 4.3
membarrier 375 324 4.3
mlock2 376 325 4.4
copy_file_range 377 326 4.5
preadv2 378 327 4.6
pwritev2 379 328 4.6
pkey_mprotect 380 329 4.8
pkey_alloc 381 330 4.8
pkey_free 382 331 4.8
statx 383 332 4.11
arch_prctl 384 - 4.12
io_pgetevents 385 333 4.18
rseq 386 334 4.18
semget 393 - 5.1
semctl 394 - 5.1
shmget 395 - 5.1
shmctl 396 - 5.1
shmat 397 - 5.1
shmdt 398 - 5.1
msgget 399 - 5.1
msgsnd 400 - 5.1
msgrcv 401 - 5.1
msgctl 402 - 5.1
clock_gettime64 403 - 5.1
clock_settime64 404 - 5.1
clock_adjtime64 405 - 5.1
clock_getres_time64 406 - 5.1
clock_nanosleep_time64 407 - 5.1
timer_gettime64 408 - 5.1
timer_settime64 409 - 5.1
timerfd_gettime64 410 - 5.1
timerfd_settime64 411 - 5.1
utimensat_time64 412 - 5.1
pselect6_time64 413 - 5.1
ppoll_time64 414 - 5.1
io_pgetevents_time64 416 - 5.1
recvmmsg_time64 417 - 5.1
mq_timedsend_time64 418 - 5.1
mq_timedreceive_time64 419 - 5.1
semtimedop_time64 420 - 5.1
rt_sigtimedwait_time64 421 - 5.1
futex_time64 422 - 5.1
sched_rr_get_interval_time64 423 - 5.1
pidfd_send_signal 424 424 5.1
io_uring_setup 425 425 5.1
io_uring_enter 426 426 5.1
io_uring_register 427 427 5.1
open_tree 428 428 5.2
move_mount 429 429 5.2
fsopen 430 430 5.2
fsconfig 431 431 5.2
fsmount 432 432 5.2
fspick 433 433 5.2
pidfd_open 434 434 5.3
clone3 435 435 5.3
close_range 436 436 5.9
openat2 437 437 5.6
pidfd_getfd 438 438 5.6
faccessat2 439 439 5.8
process_madvise 440 440 5.10
epoll_pwait2 441 441 5.11
mount_setattr 442 442 5.12
quotactl_fd 443 443 5.14
landlock_create_ruleset 444 444 5.13
landlock_add_rule 445 445 5.13
landlock_restrict_self 446 446 5.13
memfd_secret 447 447 5.14
process_mrelease 448 448 5.15
futex_waitv 449 449 5.16
set_mempolicy_home_node 450 450 5.17
cachestat 451 451 6.5
fchmodat2 452 452 6.6
map_shadow_stack 453 453 6.6
futex_wake 454 454 6.7
futex_wait 455 455 6.7
futex_requeue 456 456 6.7
statmount 457 457 6.8
listmount 458 458 6.8
lsm_get_self_attr 459 459 6.8
lsm_set_self_attr 460 460 6.8
lsm_list_modules 461 461 6.8
mseal 462 462 6.10
setxattrat 463 463 6.13
getxattrat 464 464 6.13
listxattrat 465 465 6.13
removexattrat 466 466 6.13'
version() {
    case $1 in
    2.6.18|el5) echo 2.6.18 ;;
    el6) echo 2.6.32 ;;
    el7) echo 3.10 ;;
    el8) echo 4.18 ;;
    *) echo "kernel-floor.sh: unknown floor $1" >&2; exit 2 ;;
    esac
}
# The calls that came after the floor, but for those that its vendor took over.
newer() { # FLOOR ARCH
    local version taken_over='' column=3
    version=$(version "$1") || exit 2
    case $1 in
    el5) taken_over=' getcpu eventfd fallocate recvmmsg ' ;;
    el6) taken_over=' clock_adjtime syncfs sendmmsg setns process_vm_readv process_vm_writev ' ;;
    esac
    [ "$2" = i386 ] && column=2
    printf '%s\n' "$TABLE" | awk -v version="$version" -v column="$column" -v taken_over="$taken_over" '
        function number(text, part) { split(text, part, "."); return part[1] * 1000000 + part[2] * 1000 + part[3] }
        $column != "-" && number($4) > number(version) && index(taken_over, " " $1 " ") == 0 { print $1, $4 }'
}
arch_of() {
    case $(file -bL "$1") in
    *80386*) echo i386 ;;
    *x86-64*) echo x86_64 ;;
    *) echo "kernel-floor.sh: no x86 program: $1" >&2; exit 2 ;;
    esac
}
# On i386 strace calls the parts of socketcall and ipc by the same names, and would fail both.
SHARED='^(socket|socketpair|bind|connect|listen|getsockopt|setsockopt|getsockname|getpeername|sendto|sendmsg|recvfrom|recvmsg|shutdown|semget|semctl|shmget|shmctl|shmat|shmdt|msgget|msgsnd|msgrcv|msgctl) '
mode=${1:?issued or strace} floor=${2:?a floor} program=${3:?a program}
shift 2
arch=$(arch_of "$program") || exit 2
calls=$(newer "$floor" "$arch") || exit 2
trace=$(mktemp) || exit 2
trap 'rm -f "$trace"' EXIT
case $mode in
issued)
    strace -f -qq -o "$trace" "$@" >/dev/null 2>&1
    echo "newer than $floor ($arch), exit status $?:"
    sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$trace" | sort | uniq -c | awk -v calls="$calls" '
        BEGIN { n = split(calls, line, "\n"); for (i = 1; i <= n; i++) { split(line[i], part, " "); since[part[1]] = part[2] } }
        $2 in since { printf "  %-22s %5d times, since %s\n", $2, $1, since[$2]; found = 1 }
        END { if (!found) print "  none" }'
    ;;
strace)
    [ "$arch" = i386 ] && calls=$(grep -vE "$SHARED" <<<"$calls")
    names=$(awk '{ printf "%s?%s", comma, $1; comma = "," }' <<<"$calls")
    strace -f -qq -o "$trace" -e inject="$names:error=ENOSYS" "$@"
    ;;
*)
    echo "kernel-floor.sh: issued or strace, not $mode" >&2
    exit 2
    ;;
esac
