// SPDX-License-Identifier: Apache-2.0
// For programs that load PostgreSQL's part when they have need of it: a box has none.
#include <dlfcn.h>

#include <filesystem>
#include <stdexcept>

#include "gateway/store/postgresql.h"

namespace waypost::store {
namespace {

namespace fs = std::filesystem;

constexpr char kModule[] = "waypost-postgresql.so";
using Open = void (*)(const std::string&, Sharing, std::unique_ptr<Database>&);

// Beside the program that runs.
std::string module_file() {
    std::error_code none;
    return fs::read_symlink("/proc/self/exe", none).parent_path() / kModule;
}

Open load() {
    const std::string file = module_file();
    if (!fs::exists(file))
        throw std::runtime_error(
            "PostgreSQL's part of Waypost is not installed: apt install "
            "waypost-hub");
    void* const module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* const open = module == nullptr ? nullptr : ::dlsym(module, "waypost_open_postgresql");
    if (open == nullptr) throw std::runtime_error(std::string("cannot load it: ") + ::dlerror());
    return reinterpret_cast<Open>(open);
}

}  // namespace

std::unique_ptr<Database> open_postgresql(const std::string& connection, Sharing sharing) {
    static const Open open = load();
    std::unique_ptr<Database> opened;
    open(connection, sharing, opened);
    return opened;
}

}  // namespace waypost::store
