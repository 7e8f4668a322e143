// SPDX-License-Identifier: Apache-2.0
// The folder in which a program and the box hand files to one another: mode 0700, the program's
// own, empty whenever it starts. What the program names is opened below it and through no link.
// One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bridges/email/mime/mail_files.h"
#include "bridges/exec/lines.h"
#include "gateway/base/fd.h"
#include "gateway/original.h"
#include "gateway/transport.h"

namespace waypost::exec {

class FileShelf {
  public:
    // Originals of networks that are not in `originals` are read as mails, or as what was kept of
    // a program's files. `room`: bytes of all that is offered at once.
    FileShelf(std::string folder, Originals originals, std::size_t room)
        : folder_(std::move(folder)), originals_(std::move(originals)), room_(room) {}

    const std::string& folder() const { return folder_; }
    // Makes it, or empties it. An error: no files pass.
    Result<void> clear();

    // Those that a line names, with their bytes, `most` together. TooLarge: they are more.
    Result<std::vector<email::MailFile>> read(const std::vector<NamedFile>& files,
                                              std::size_t most) const;
    // By NamedFile::path: they are the box's now.
    void remove(const std::vector<std::string>& paths) const;

    // What hangs on this delivery, the first kMostFiles, as files of the folder, until drop();
    // beyond `most` bytes together one is named without a path. An error: there is no room for now,
    // or they cannot be read or written; nothing lies there then.
    Result<std::vector<OfferedFile>> offer(std::int64_t number, const Delivery& delivery,
                                           Office& office, std::size_t most);
    void drop(std::int64_t number);

  private:
    Result<std::string> name_of(const std::string& path) const;
    Result<std::string> bytes_of(const NamedFile& file, std::size_t most) const;
    Result<std::vector<OfferedFile>> unpack(const std::string& folder, const Delivery& delivery,
                                            Office& office, std::size_t most,
                                            std::size_t& used) const;

    const std::string folder_;
    const Originals originals_;
    const std::size_t room_;
    Fd opened_;                                  // the folder, whatever its name leads to by now
    std::map<std::int64_t, std::size_t> lying_;  // bytes of what is offered
};

}  // namespace waypost::exec
