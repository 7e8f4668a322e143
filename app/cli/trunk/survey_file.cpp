// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/survey_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "radio/trunk/pack/files.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

Error cannot(const std::string& what, const std::string& path) {
    return {Code::Internal, "cannot " + what + ' ' + path + ": " + std::strerror(errno), false};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return ::fsync(fd) == 0;
}

bool is_installed(const char* program) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "/usr/bin" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + '/' + program).c_str(), X_OK) == 0) return true;
    return false;
}

}  // namespace

SurveyFile::~SurveyFile() { ::close(fd_); }

Result<std::unique_ptr<SurveyFile>> SurveyFile::open(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0) return cannot("open", path);
    std::unique_ptr<SurveyFile> file(new SurveyFile(fd));
    auto read = pack::read_file(path);
    if (!read.ok()) return read.error();
    const std::size_t end = read->rfind('\n');
    read->resize(end == std::string::npos ? 0 : end + 1);
    auto points = trunk::read_csv(*read);
    if (!points.ok()) return bad_input(path + ": " + points.error().text);
    file->before_ = std::move(*points);
    if (::ftruncate(fd, static_cast<off_t>(read->size())) != 0) return cannot("write", path);
    if (read->empty() && !write_all(fd, trunk::csv_head())) return cannot("write", path);
    return file;
}

Result<void> SurveyFile::add(const trunk::SurveyPoint& point) {
    if (!write_all(fd_, trunk::csv_line(point))) return cannot("write", "the survey's file");
    return {};
}

Result<void> can_plot(const std::string& file) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' '; };
    if (file.empty() || std::any_of(file.begin(), file.end(), control))
        return bad_input("--plot: this is no name for a file");
    if (!is_installed("gnuplot"))
        return Error{Code::NotFound,
                     "--plot needs gnuplot, which is not installed: apt install gnuplot-nox",
                     false};
    return {};
}

Result<void> plot(const trunk::Survey& survey, const std::string& file) {
    if (const auto can = can_plot(file); !can.ok()) return can;
    FILE* gnuplot = ::popen("gnuplot", "we");
    if (gnuplot == nullptr) return cannot("run", "gnuplot");
    const std::string script = trunk::gnuplot_script(survey, file);
    const bool written = std::fwrite(script.data(), 1, script.size(), gnuplot) == script.size();
    if (::pclose(gnuplot) != 0 || !written)
        return Error{Code::Internal, "gnuplot did not draw " + file + ": it says why above", false};
    return {};
}

}  // namespace waypost::cli
