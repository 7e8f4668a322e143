// SPDX-License-Identifier: Apache-2.0
#include "app/shrink/confine.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <initializer_list>
#include <memory>

namespace waypost::shrink {
namespace {

// A sanitizer maps terabytes for itself, and looks around at its end.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

constexpr rlim_t kMemory = 256ul << 20;
constexpr rlim_t kProcessorSeconds = 30;

bool limit(__rlimit_resource what, rlim_t most) {
    const rlimit both{most, most};
    return ::setrlimit(what, &both) == 0;
}

struct Release {
    void operator()(void* filter) const noexcept { seccomp_release(filter); }
};

bool filter_calls() {
    const std::unique_ptr<void, Release> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter) return false;
    for (const int call : {SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk), SCMP_SYS(mmap),
                           SCMP_SYS(mmap2), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
                           SCMP_SYS(futex), SCMP_SYS(clock_gettime), SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(rt_sigprocmask), SCMP_SYS(gettid), SCMP_SYS(getpid),
                           SCMP_SYS(tgkill), SCMP_SYS(exit), SCMP_SYS(exit_group)}) {
        if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0) return false;
    }
    return seccomp_load(filter.get()) == 0;
}

}  // namespace

bool confine() {
    if (!limit(RLIMIT_CORE, 0) || !limit(RLIMIT_CPU, kProcessorSeconds) ||
        !limit(RLIMIT_FSIZE, 0) || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        return false;
    }
    if (kSanitized) return true;
    return limit(RLIMIT_AS, kMemory) && limit(RLIMIT_NOFILE, 3) && filter_calls();
}

}  // namespace waypost::shrink
