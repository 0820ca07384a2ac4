/* oldk: runs a program the way an old Linux kernel would let it run.
 *
 *   cc -O2 -o oldk oldk.c
 *   ./oldk [-k 2.6.18|el5|el6|el7|el8] [-q] [--] PROGRAM ARGS...
 *
 * At full speed (a seccomp filter, no tracing after exec), and for all its children.
 *   1. Each system call that the old kernel did not have fails with ENOSYS.
 *   2. Flags and sub-commands that it did not have fail with its own error (flags_rules).
 *   3. The auxiliary vector loses what it did not pass (vDSO, AT_RANDOM, AT_EXECFN, ...), so that the C library takes its
 *      old ways, and each look at the clock is a system call.
 * 2.6.18 is the plain one, and RHEL 5.0-5.2; el5 is RHEL 5.5-5.7 (private futexes and fallocate since 5.3, eventfd since 5.5);
 * el6 is 2.6.32-504; el7 is 3.10; el8 is 4.18. What each has was read in their sources.
 */
#define _GNU_SOURCE
#include <stddef.h>
#include <errno.h>
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/user.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

enum { V2618, EL5, EL6, EL7, EL8 };
static const char *names[] = {"2.6.18", "el5", "el6", "el7", "el8"};

static struct sock_filter f[4000];
static int n;
#define ST(code, k) (f[n++] = (struct sock_filter)BPF_STMT(code, k))
#define JP(code, k, t, e) (f[n++] = (struct sock_filter)BPF_JUMP(code, k, t, e))
#define OFF(x) offsetof(struct seccomp_data, x)
#define ARGLO(i) (offsetof(struct seccomp_data, args) + 8 * (i))
#define ARGHI(i) (ARGLO(i) + 4)
#define ERR(e) ST(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (e))
#define OK_() ST(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define LDNR() ST(BPF_LD | BPF_W | BPF_ABS, OFF(nr))

/* nr == k: return errno e */
static void no(int k, int e) { JP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1); ERR(e); }
/* nr == k and (arg[i] & mask) != 0: errno e; then reload nr */
static void no_bits(int k, int i, unsigned mask, int e) {
    JP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 4);
    ST(BPF_LD | BPF_W | BPF_ABS, ARGLO(i));
    JP(BPF_JMP | BPF_JSET | BPF_K, mask, 0, 1);
    ERR(e);
    LDNR();
}
/* nr == k and arg[i] == v: errno e */
static void no_val(int k, int i, unsigned v, int e) {
    JP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 4);
    ST(BPF_LD | BPF_W | BPF_ABS, ARGLO(i));
    JP(BPF_JMP | BPF_JEQ | BPF_K, v, 0, 1);
    ERR(e);
    LDNR();
}
/* nr == k and (arg[i] & mask) > max: errno e */
static void no_above(int k, int i, unsigned mask, unsigned max, int e) {
    JP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 5);
    ST(BPF_LD | BPF_W | BPF_ABS, ARGLO(i));
    ST(BPF_ALU | BPF_AND | BPF_K, mask);
    JP(BPF_JMP | BPF_JGT | BPF_K, max, 0, 1);
    ERR(e);
    LDNR();
}
/* nr == k and arg[i] == NULL: errno e */
static void no_null(int k, int i, int e) {
    JP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 6);
    ST(BPF_LD | BPF_W | BPF_ABS, ARGLO(i));
    JP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3);
    ST(BPF_LD | BPF_W | BPF_ABS, ARGHI(i));
    JP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1);
    ERR(e);
    LDNR();
}

struct nrs { int futex, fcntl, fcntl2, futimesat, sendfile, sendfile2, fstatat, linkat, clock_gettime, clock_getres,
             clock_nanosleep, socket, socketpair, madvise, prctl, open, openat, ppoll, pselect6; };
static const struct nrs N64 = {202, 72, -1, 261, 40, -1, 262, 265, 228, 229, 230, 41, 53, 28, 157, 2, 257, 271, 270};
static const struct nrs N32 = {240, 55, 221, 299, 187, 239, 300, 303, 265, 266, 267, -1, -1, 219, 172, 5, 295, -1, -1};

static void flags_rules(const struct nrs *s, int v) {
    if (v <= EL5) {
        if (v == V2618) no_bits(s->futex, 1, 128, ENOSYS);   /* FUTEX_PRIVATE_FLAG 2.6.22; in RHEL from 5.3 */
        no_above(s->futex, 1, 0x7f, 8, ENOSYS);              /* FUTEX_WAIT_BITSET (9) and up: 2.6.25, never in RHEL 5 */
        no_bits(s->futex, 1, 256, ENOSYS);                   /* FUTEX_CLOCK_REALTIME 2.6.28 */
        no_null(s->futimesat, 1, EFAULT);                    /* NULL path (futimens) came with utimensat, 2.6.22 */
        no_val(s->fcntl, 1, 1030, EINVAL);                   /* F_DUPFD_CLOEXEC 2.6.24 */
        if (s->fcntl2 > 0) no_val(s->fcntl2, 1, 1030, EINVAL);
        no(s->sendfile, EINVAL);                             /* file to file: 2.6.33 */
        if (s->sendfile2 > 0) no(s->sendfile2, EINVAL);
        no_bits(s->fstatat, 3, ~0x100u, EINVAL);             /* AT_EMPTY_PATH 2.6.39, AT_NO_AUTOMOUNT 2.6.38 */
        no_bits(s->linkat, 4, ~0x400u, EINVAL);
        no_above(s->clock_gettime, 0, 0x7fffffff, 3, EINVAL);/* _RAW, _COARSE, BOOTTIME */
        no_above(s->clock_getres, 0, 0x7fffffff, 3, EINVAL);
        no_above(s->clock_nanosleep, 0, 0x7fffffff, 3, EINVAL);
        if (s->socket > 0) { no_bits(s->socket, 1, ~0xfu, EINVAL); no_bits(s->socketpair, 1, ~0xfu, EINVAL); } /* SOCK_CLOEXEC 2.6.27 */
        if (s->ppoll > 0) { no(s->ppoll, ENOSYS); no(s->pselect6, ENOSYS); } /* x86_64 2.6.18: "for now" not implemented */
        no_val(s->madvise, 2, 8, EINVAL);                    /* MADV_FREE 4.5 */
        no_above(s->madvise, 2, 0xffffffff, 11, EINVAL);
        no_above(s->prctl, 0, 0x7fffffff, 16, EINVAL);       /* after PR_GET_NAME */
    } else if (v <= EL6) {
        no(s->sendfile, EINVAL);
        if (s->sendfile2 > 0) no(s->sendfile2, EINVAL);
        no_bits(s->fstatat, 3, 0x1000, EINVAL);
        no_val(s->madvise, 2, 8, EINVAL);
    } else if (v <= EL7) {
        no_val(s->madvise, 2, 8, EINVAL);
    }
    if (v <= EL7) {                                          /* fcntl F_OFD_*LK 3.15 */
        for (int c = 36; c <= 38; c++) { no_val(s->fcntl, 1, c, EINVAL); if (s->fcntl2 > 0) no_val(s->fcntl2, 1, c, EINVAL); }
    }
    if (v <= EL6) { no_bits(s->open, 1, 020000000, EISDIR); no_bits(s->openat, 2, 020000000, EISDIR); } /* O_TMPFILE 3.11 */
    OK_();
}

/* one architecture: last = highest number the kernel has; extra = numbers above `last` it has too (0-terminated);
 * holes = numbers at or below `last` it does not have (0-terminated) */
static void arch_rules(unsigned arch, const struct nrs *s, int v, int last, const int *extra, const int *holes) {
    ST(BPF_LD | BPF_W | BPF_ABS, OFF(arch));
    int at = n;
    JP(BPF_JMP | BPF_JEQ | BPF_K, arch, 0, 0); /* patched: skip this block (long jump below) */
    JP(BPF_JMP | BPF_JA, 0, 0, 0);
    f[at].jt = 1; f[at].jf = 0;
    int ja = at + 1, start = n;
    LDNR();
    for (; *extra; extra++) { JP(BPF_JMP | BPF_JEQ | BPF_K, *extra, 0, 1); OK_(); }
    JP(BPF_JMP | BPF_JGT | BPF_K, last, 0, 1); ERR(ENOSYS);
    for (; *holes; holes++) no(*holes, ENOSYS);
    flags_rules(s, v);
    f[ja].k = n - start;
}

static int install(int v) {
    static const int none[] = {0};
    static const int el5_64[] = {284, 285, 299, 0};            /* eventfd (5.5) fallocate (5.3) recvmmsg (5.7) */
    static const int el5_32[] = {318, 323, 324, 337, 0};       /* getcpu eventfd fallocate recvmmsg */
    /* el6 = 2.6.32-504.16.2: has numbers up to 299/337, plus the listed backports */
    static const int el6_64[] = {305, 306, 307, 308, 310, 311, 0};
    static const int el6_32[] = {343, 344, 345, 346, 347, 348, 0};
    switch (v) {
    case V2618: arch_rules(AUDIT_ARCH_X86_64, &N64, v, 279, none, none); arch_rules(AUDIT_ARCH_I386, &N32, v, 317, none, none); break;
    case EL5: arch_rules(AUDIT_ARCH_X86_64, &N64, v, 279, el5_64, none); arch_rules(AUDIT_ARCH_I386, &N32, v, 317, el5_32, none); break;
    case EL6: arch_rules(AUDIT_ARCH_X86_64, &N64, v, 299, el6_64, none); arch_rules(AUDIT_ARCH_I386, &N32, v, 337, el6_32, none); break;
    case EL7: arch_rules(AUDIT_ARCH_X86_64, &N64, v, 313, none, none); arch_rules(AUDIT_ARCH_I386, &N32, v, 350, none, none); break;
    case EL8: arch_rules(AUDIT_ARCH_X86_64, &N64, v, 334, none, none); arch_rules(AUDIT_ARCH_I386, &N32, v, 386, none, none); break;
    }
    OK_();
    struct sock_fprog p = {.len = n, .filter = f};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p);
}

/* turn auxv entries the old kernel did not pass into AT_IGNORE (1) */
static int edit_auxv(pid_t pid, int v, int quiet) {
    struct user_regs_struct r;
    struct iovec io = {&r, sizeof r};
    if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &io)) return -1;
    int w = 8;
    uint64_t sp;
    if (io.iov_len == 68) { w = 4; sp = ((uint32_t *)&r)[15]; } else sp = r.rsp;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int fd = open(path, O_RDWR);
    if (fd < 0) return -1;
    uint64_t p = sp, val = 0;
    pread(fd, &val, w, p);
    p += (uint64_t)w * (val + 2);             /* argc, argv, NULL */
    do { val = 0; pread(fd, &val, w, p); p += w; } while (val); /* envp */
    int cut = 0;
    for (;;) {
        uint64_t t = 0, one = 1;
        if (pread(fd, &t, w, p) != w || !t) break;
        int drop = t == 32 || t == 33;                       /* AT_SYSINFO, AT_SYSINFO_EHDR: vDSO */
        if (v <= EL5) drop |= t == 25 || t == 31;            /* AT_RANDOM 2.6.29, AT_EXECFN 2.6.26 */
        drop |= t == 26 || t == 27 || t == 28 || t == 51;    /* AT_HWCAP2 3.9, AT_RSEQ_*, AT_MINSIGSTKSZ */
        if (drop) { pwrite(fd, &one, w, p); cut++; }
        p += 2 * w;
    }
    close(fd);
    if (!quiet) fprintf(stderr, "oldk: %s, %d-bit program, %d auxv entries hidden\n", names[v], w * 8, cut);
    return 0;
}

int main(int c, char **a) {
    int v = EL5, quiet = 0, i = 1;
    for (; i < c && a[i][0] == '-'; i++) {
        if (!strcmp(a[i], "--")) { i++; break; }
        if (!strcmp(a[i], "-q")) quiet = 1;
        else if (!strcmp(a[i], "-k") && i + 1 < c) {
            for (v = 0, i++; v < 5 && strcmp(names[v], a[i]); v++);
            if (v == 5) { fprintf(stderr, "oldk: unknown kernel %s\n", a[i]); return 2; }
        } else { fprintf(stderr, "usage: oldk [-k 2.6.18|el5|el6|el7|el8] [-q] PROGRAM ARGS\n"); return 2; }
    }
    if (i >= c) { fprintf(stderr, "usage: oldk [-k 2.6.18|el5|el6|el7|el8] [-q] PROGRAM ARGS\n"); return 2; }
    pid_t pid = fork();
    if (!pid) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        if (install(v)) { perror("oldk: seccomp"); _exit(126); }
        execv(a[i], a + i);
        perror("oldk: exec");
        _exit(127);
    }
    int st;
    waitpid(pid, &st, 0);
    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC);
    ptrace(PTRACE_CONT, pid, 0, 0);
    waitpid(pid, &st, 0);
    if (WIFSTOPPED(st) && st >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
        edit_auxv(pid, v, quiet);
        ptrace(PTRACE_DETACH, pid, 0, 0);
        signal(SIGINT, SIG_IGN);
        waitpid(pid, &st, 0);
    }
    if (WIFSIGNALED(st)) { fprintf(stderr, "oldk: killed by signal %d\n", WTERMSIG(st)); return 128 + WTERMSIG(st); }
    return WEXITSTATUS(st);
}
