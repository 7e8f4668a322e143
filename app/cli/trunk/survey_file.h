// SPDX-License-Identifier: Apache-2.0
// The file of a survey on disk, and gnuplot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "radio/trunk/tools/survey.h"

namespace waypost::cli {

class SurveyFile {
  public:
    // A file of an earlier day goes on; a line that was cut short goes.
    static Result<std::unique_ptr<SurveyFile>> open(const std::string& path);
    ~SurveyFile();
    SurveyFile(const SurveyFile&) = delete;
    SurveyFile& operator=(const SurveyFile&) = delete;

    const std::vector<trunk::SurveyPoint>& before() const { return before_; }
    Result<void> add(const trunk::SurveyPoint& point);  // on disk when it returns

  private:
    explicit SurveyFile(int fd) : fd_(fd) {}
    int fd_;
    std::vector<trunk::SurveyPoint> before_;
};

// NotFound: gnuplot is not installed, or the file's name is none for it.
Result<void> can_plot(const std::string& file);
Result<void> plot(const trunk::Survey& survey, const std::string& file);

}  // namespace waypost::cli
