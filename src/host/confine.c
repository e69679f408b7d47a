#include "host/confine.h"

#include <assert.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSTRUMENTED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSTRUMENTED true
#endif
#endif
#ifndef INSTRUMENTED
#define INSTRUMENTED false
#endif

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the list of system calls is written for x86_64 and aarch64"
#endif

enum {
    INSTRUMENTED_FACTOR = 4,      /* shadow memory, red zones and quarantine */
    FOREIGN_ABI_BIT = 0x40000000, /* x32 calls pass the architecture check of x86_64 */
    RULE_COUNT_MAX = 128
};

bool confine_is_instrumented(void)
{
    return INSTRUMENTED;
}

/* ---- memory and time ---------------------------------------------------------------------- */

static bool limit(int what, uint64_t figure)
{
    const struct rlimit both = {.rlim_cur = figure, .rlim_max = figure};
    return setrlimit((__rlimit_resource_t)what, &both) == 0;
}

/* The `field`th number of /proc/<pid>/statm, in bytes; 0 when the process is gone. */
static uint64_t statm(int pid, unsigned field)
{
    char path[40];
    char line[128] = "";
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    const ssize_t size = read(fd, line, sizeof line - 1);
    close(fd);
    if (size <= 0) return 0;
    uint64_t pages = 0;
    const char *at = line;
    for (unsigned i = 0; i <= field; i++) {
        pages = 0;
        while (*at >= '0' && *at <= '9')
            pages = pages * 10 + (uint64_t)(*at++ - '0');
        while (*at == ' ')
            at++;
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

bool confine_is_over(int pid, uint64_t memory_bytes)
{
    if (!INSTRUMENTED) return false;
    return statm(pid, 1) > INSTRUMENTED_FACTOR * memory_bytes;
}

static bool raise_limits(const ConfineLimits *limits)
{
    const uint64_t mapped = statm(getpid(), 0);
    if (mapped == 0) return false;
    /* The soft limit on time gives SIGXCPU, which says what happened; the hard one SIGKILL. */
    const struct rlimit cpu = {.rlim_cur = limits->cpu_seconds,
                               .rlim_max = limits->cpu_seconds + 1};
    return setrlimit(RLIMIT_CPU, &cpu) == 0 && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_MEMLOCK, 0) &&
           (INSTRUMENTED || limit(RLIMIT_AS, mapped + limits->memory_bytes));
}

/* ---- Landlock: no path leads anywhere ----------------------------------------------------- */

static void raise_landlock(void)
{
    const long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) return; /* an older kernel, or switched off: the other two walls stand */
    const uint64_t since_abi[] = {13, 14, 15}; /* rights known to versions 1, 2, 3 */
    const uint64_t rights = since_abi[abi > 3 ? 2 : abi - 1];
    struct landlock_ruleset_attr nothing = {.handled_access_fs = (UINT64_C(1) << rights) - 1};
    const long rules = syscall(SYS_landlock_create_ruleset, &nothing, sizeof nothing, 0);
    if (rules < 0) return;
    (void)syscall(SYS_landlock_restrict_self, rules, 0); /* the same holds as above */
    close((int)rules);
}

/* ---- seccomp: the calls that are left ----------------------------------------------------- */

typedef struct Filter {
    struct sock_filter rules[RULE_COUNT_MAX];
    unsigned short count;
} Filter;

static void rule(Filter *filter, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
    assert(filter->count < RULE_COUNT_MAX);
    filter->rules[filter->count++] =
        (struct sock_filter){.code = code, .jt = if_true, .jf = if_false, .k = k};
}

static void load(Filter *filter, size_t offset)
{
    rule(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(Filter *filter, uint32_t action)
{
    rule(filter, BPF_RET | BPF_K, action, 0, 0);
}

static void allow(Filter *filter, long call)
{
    rule(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
}

/* The low half of an argument; both our machines store it first. */
static size_t argument(unsigned index)
{
    return offsetof(struct seccomp_data, args) + index * sizeof(uint64_t);
}

/* Memory, but never memory that can be executed. */
static void allow_unless_executable(Filter *filter, long call)
{
    rule(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(filter, argument(2));
    rule(filter, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
}

/* A signal to itself: abort() must end it with SIGABRT, so that its reason can be told. */
static void allow_to_self(Filter *filter, long call)
{
    rule(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
    load(filter, argument(0));
    rule(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getpid(), 0, 1);
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
}

static void write_filter(Filter *filter)
{
    static const long allowed[] = {
        SYS_read,
        SYS_write,
        SYS_munmap,
        SYS_mremap,
        SYS_brk,
        SYS_madvise,
        SYS_exit,
        SYS_exit_group,
        SYS_rt_sigreturn,
        SYS_futex,
        SYS_getrandom,
        SYS_gettimeofday,
        SYS_clock_gettime,
        SYS_getpid,
        SYS_gettid,
        SYS_rt_sigprocmask,
        SYS_restart_syscall,
    };
    static const long allowed_to_sanitizers[] = {
        SYS_sigaltstack, SYS_rt_sigaction, SYS_sched_yield, SYS_nanosleep, SYS_clock_nanosleep,
    };
    load(filter, offsetof(struct seccomp_data, arch));
    rule(filter, BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    load(filter, offsetof(struct seccomp_data, nr));
    rule(filter, BPF_JMP | BPF_JGE | BPF_K, FOREIGN_ABI_BIT, 0, 1);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        allow(filter, allowed[i]);
    for (size_t i = 0; INSTRUMENTED && i < sizeof allowed_to_sanitizers / sizeof(long); i++)
        allow(filter, allowed_to_sanitizers[i]);
    allow_unless_executable(filter, SYS_mmap);
    if (INSTRUMENTED) allow_unless_executable(filter, SYS_mprotect);
    allow_to_self(filter, SYS_tgkill);
    answer(filter, SECCOMP_RET_KILL_PROCESS);
}

bool confine_self(const ConfineLimits *limits)
{
    assert(limits != NULL);
    assert(limits->memory_bytes > 0);
    assert(limits->cpu_seconds > 0);
    Filter filter = {.count = 0};
    write_filter(&filter);
    const struct sock_fprog program = {.len = filter.count, .filter = filter.rules};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return false;
    if (prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0) != 0) return false;
    if (!raise_limits(limits)) return false;
    raise_landlock();
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
