// SPDX-License-Identifier: Apache-2.0
#include "real_node.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace waypost::interop {
namespace {

namespace fs = std::filesystem;

std::string write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

}  // namespace

KeptMail::KeptMail() {
    fs::create_directory(folder_ / "mails");
    write(program(),
          "#!/bin/sh\nexec > \"$(mktemp " + folder_ / "mails/XXXXXXXX" + ")\"\necho \"$*\"\ncat\n");
    fs::permissions(program(), fs::perms(0755));
}

std::vector<std::string> KeptMail::all() const {
    std::vector<std::string> mails;
    for (const auto& each : fs::directory_iterator(folder_ / "mails"))
        mails.push_back(contents(each.path().string()));
    return mails;
}

int KeptMail::count(const std::string& words) const {
    const auto mails = all();
    return static_cast<int>(std::count_if(mails.begin(), mails.end(), [&](const std::string& mail) {
        return mail.find(words) != std::string::npos;
    }));
}

std::string RealNode::command(const std::string& tool) const {
    return "nncp-" + tool + " -quiet -cfg " + nodes_.config(name_) + ' ';
}

std::string RealNode::run(const std::string& tool, const std::string& arguments) const {
    return shell(command(tool) + arguments);
}

void RealNode::toss(const std::string& more) const { run("toss", more); }

void RealNode::exec(const std::string& to, const std::string& input) const {
    run("exec", to + " < " + write(folder_ / "input", input));
}

void RealNode::mail(const std::string& to, const std::string& from, const std::string& text) const {
    static int number = 0;
    exec(to, "Return-Path: <" + from + ">\nFrom: " + from + "\nMessage-ID: <real" +
                 std::to_string(++number) + "." + from + ">\nSubject: Hi\n\n" + text + '\n');
}

void RealNode::file(const std::string& to, const std::string& bytes) const {
    run("file", written(bytes) + ' ' + to);
}

std::string RealNode::written(const std::string& bytes) const {
    return write(folder_ / "file", bytes);
}

void RealNode::carry_to(const std::string& other) const {
    const Folder stick;
    run("xfer", "-node " + other + " -mkdir -tx " + stick.path());
    shell("nncp-xfer -quiet -cfg " + nodes_.config(other) + " -rx " + stick.path());
}

void RealNode::bundle_to(const std::string& other) const {
    const std::string stream = folder_ / "stream";
    run("bundle", "-tx -delete " + other + " > " + stream);
    shell("nncp-bundle -quiet -cfg " + nodes_.config(other) + " -rx -check < " + stream);
}

}  // namespace waypost::interop
