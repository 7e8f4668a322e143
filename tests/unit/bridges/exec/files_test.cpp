// SPDX-License-Identifier: Apache-2.0
// Files of messages: what a program names is read from its folder only, and what is for it lies
// there until it has reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "bridges/exec/session.h"
#include "gateway/base/encoding.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/fakes/files_end_at.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost::exec {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Files : public ::testing::Test {
  protected:
    Files() {
        people_.add("ana");
        office_.people_view = &people_;
        SessionOptions options;
        options.id = "exec.sms";
        options.scheme = "sms";
        options.now = [this] { return now_; };
        options.folder = folder_ / "files/exec.sms";
        options.room = 30'000;
        options.originals = {{"busy", [](std::unique_ptr<std::istream>, std::size_t) {
                                  return Error{Code::Internal, "cannot be read now", true};
                              }}};
        session_ = std::make_shared<Session>(
            office_, options, [this](const std::string& line) { out_ += line; }, [] {});
        session_->started();
    }
    std::string said() {
        session_->look_after_files();
        return std::exchange(out_, {});
    }
    void hello(const std::string& file_bytes = "10000") {
        said();
        session_->line(R"({"hello":1,"limits":{"window":4,"file_bytes":)" + file_bytes + "}}");
    }
    std::string in_folder(const std::string& name) { return folder_ / ("files/exec.sms/" + name); }
    void put(const std::string& name, const std::string& bytes) {
        std::ofstream(in_folder(name), std::ios::binary) << bytes;
    }
    // What the box answers to a message with these files.
    std::string accept(const std::string& files, const std::string& text = "look") {
        session_->line(R"({"accept":7,"from":"sms:+4917","to":["ana"],"origin_id":"1","text":")" +
                       text + R"(","files":)" + files + "}");
        return said();
    }
    Delivery delivery(DeliveryId id, const std::vector<email::MailFile>& files) {
        Delivery made;
        made.attempt = {id, 1};
        made.to = {"sms", "+4917"};
        made.from = mailto("ana", "hill.example");
        made.text = "look";
        made.body.bytes = email::files_original("look", files);
        made.body.size = made.body.bytes.size();
        made.body_network = "email";
        return made;
    }
    std::string path_in(const std::string& line, std::size_t number = 1) {
        std::size_t at = 0;
        for (std::size_t i = 0; i < number; ++i) at = line.find("\"path\":\"", at) + 8;
        return line.substr(at, line.find('"', at) - at);
    }

    const store::TempFolder folder_;
    FakePeople people_;
    FakeOffice office_;
    std::chrono::steady_clock::time_point now_{};
    std::string out_;
    std::shared_ptr<Session> session_;
};

const email::MailFile kGoat{{"goat.jpg", "image/jpeg", 4}, {}, std::string("\xFF\xD8\0\xFF", 4)};
const email::MailFile kPlan{{"plan.pdf", "application/pdf", 5000}, {}, std::string(5000, 'p')};

TEST_F(Files, HaveAFolderOfTheirProgram) {
    EXPECT_THAT(out_, HasSubstr("\"folder\":\"" + (folder_ / "files/exec.sms") + '"'));
    struct stat about {};
    ASSERT_EQ(::stat((folder_ / "files/exec.sms").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777u, 0700u);
    put("left", "over");
    session_->ended();
    EXPECT_FALSE(fs::exists(in_folder("left"))) << "nobody has a use for it now";
    put("late", "of a grandchild");
    session_->started();
    EXPECT_FALSE(fs::exists(in_folder("late"))) << "the next one finds it empty";
}

TEST_F(Files, ComeAsAttachmentsOfTheMessage) {
    hello();
    put("in.jpg", kGoat.bytes);
    put("plan", kPlan.bytes);
    EXPECT_THAT(accept(R"([{"name":"../../goat.jpg","type":"image/jpeg","path":"in.jpg"},)"
                       R"({"name":"plan.pdf","path":")" +
                       in_folder("plan") +
                       R"("},{"name":"note","type":"text/plain; charset=utf-8","base64":"aGk="}])"),
                HasSubstr("\"kind\":\"accepted\""));
    const Message& message = office_.accepted.at(0);
    ASSERT_EQ(message.attachments.size(), 3u);
    EXPECT_EQ(message.attachments[0].name, "goat.jpg");
    EXPECT_EQ(message.attachments[0].type, "image/jpeg");
    EXPECT_EQ(message.attachments[1].type, "application/octet-stream");
    EXPECT_EQ(message.attachments[2].type, "text/plain");
    EXPECT_EQ(message.attachments[2].bytes, 2u);
    std::istringstream original(message.body.file);  // where the fake office has it
    ASSERT_TRUE(email::is_files_original(original));
    const auto files = email::files_of(original, 1u << 20);
    ASSERT_TRUE(files.ok());
    EXPECT_EQ(files->at(0).bytes, kGoat.bytes);
    EXPECT_EQ(files->at(1).bytes, kPlan.bytes);
    EXPECT_EQ(files->at(2).bytes, "hi");
    said();
    EXPECT_FALSE(fs::exists(in_folder("in.jpg"))) << "they are the box's now";
    EXPECT_FALSE(fs::exists(in_folder("plan")));
}

TEST_F(Files, StayTheProgramsUntilTheMessageIsKept) {
    hello();
    put("a", "a");
    office_.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Later, Verdict::Reason::Busy, "full", 0};
    };
    EXPECT_THAT(accept(R"([{"name":"a","path":"a"}])"), HasSubstr("\"later\""));
    said();
    EXPECT_TRUE(fs::exists(in_folder("a")));
    office_.verdict = nullptr;
    EXPECT_THAT(accept(R"([{"name":"a","path":"a"}])"), HasSubstr("\"accepted\""));
    ASSERT_EQ(office_.accepted.size(), 2u);
    EXPECT_EQ(office_.accepted[0].body.file, office_.accepted[1].body.file)
        << "said again it is known as the same message";
}

TEST_F(Files, AloneAreAMessage) {
    hello();
    EXPECT_THAT(accept(R"([{"name":"a","base64":"YQ=="}])", ""), HasSubstr("\"accepted\""));
    EXPECT_THAT(accept("[]", ""), HasSubstr("\\\"text\\\" is empty"));
}

TEST_F(Files, ThatMayNotBeReadAreRefusedInWords) {
    hello();
    std::ofstream(folder_ / "secret") << "secret";
    fs::create_symlink(folder_ / "secret", in_folder("link"));
    fs::create_directory(in_folder("sub"));
    std::ofstream(in_folder("sub/deep")) << "deep";
    ::mkfifo(in_folder("fifo").c_str(), 0600);
    put("big", std::string(kMostFileBytes + 1, 'x'));
    put("half", std::string(kMostFileBytes / 2 + 1, 'x'));
    for (const auto& [file, why] : std::vector<std::pair<std::string, std::string>>{
             {R"("path":"/etc/passwd")", "lies outside of"},
             {R"("path":")" + (folder_ / "secret") + '"', "lies outside of"},
             {R"("path":"../../secret")", "lies outside of"},
             {R"("path":")" + in_folder("../../secret") + '"', "lies outside of"},
             {R"("path":"sub/deep")", "lies outside of"},
             {R"("path":"..")", "lies outside of"},
             {R"("path":"link")", "is a link"},
             {R"("path":"sub")", "is no file"},
             {R"("path":"fifo")", "is no file"},
             {R"("path":"none")", "No such file"},
             {R"("path":"big")", "too_large"},
             {R"("path":"half"},{"name":"b","path":"half")", "too_large"},
             {R"("path":"")", "one of them"},
             {R"("base64":"!")", "\\\"base64\\\" of x is none"},
             {R"("base64":"YQ")", "\\\"base64\\\" of x is none"},
             {R"("base64":7)", "is a text"},
             {R"("type":"a/b")", "one of them"},
             {R"("path":"big","base64":"YQ==")", "one of them"}}) {
        const std::string answer = accept(R"([{"name":"x",)" + file + "}]");
        EXPECT_THAT(answer, HasSubstr("\"kind\":\"refused\"")) << file;
        EXPECT_THAT(answer, HasSubstr(why)) << file;
    }
    EXPECT_THAT(accept(R"([{"base64":"YQ=="}])"), HasSubstr("has a \\\"name\\\""));
    EXPECT_THAT(accept(R"(["a"])"), HasSubstr("is a list of objects"));
    EXPECT_THAT(accept(R"({"name":"a"})"), HasSubstr("is a list"));
    std::string many;
    for (int i = 0; i < 11; ++i)
        many += (i == 0 ? "" : ",") + std::string(R"({"name":"a","base64":""})");
    EXPECT_THAT(accept('[' + many + ']'), HasSubstr("has at most 10"));
    EXPECT_THAT(office_.accepted, IsEmpty());
    EXPECT_TRUE(fs::exists(in_folder("big")));
}

TEST_F(Files, AreOfferedUntilTheReport) {
    hello();
    session_->deliver(delivery(12, {kGoat, kPlan, kGoat}));
    EXPECT_THAT(out_, IsEmpty()) << "they are unpacked by the program's own thread";
    const std::string line = said();
    EXPECT_THAT(line, HasSubstr(R"("files":[{"name":"goat.jpg","type":"image/jpeg","bytes":4,)"));
    EXPECT_EQ(contents(path_in(line, 1)), kGoat.bytes);
    EXPECT_EQ(contents(path_in(line, 2)), kPlan.bytes);
    EXPECT_THAT(path_in(line, 3), HasSubstr("/goat-2.jpg"));
    EXPECT_EQ(contents(path_in(line, 3)), kGoat.bytes);
    session_->line(R"({"report":1,"outcome":"sent"})");
    said();
    EXPECT_FALSE(fs::exists(path_in(line)));
    EXPECT_EQ(office_.reports.at(0).second.kind, Outcome::Kind::Sent);
}

TEST_F(Files, AreLeftOutWhereTheProgramTakesNone) {
    hello("0");
    session_->deliver(delivery(12, {kGoat}));
    EXPECT_THAT(said(), Not(HasSubstr("files")));
    hello("4999");
    session_->deliver(delivery(13, {kPlan, kGoat}));
    const std::string line = said();
    EXPECT_THAT(line, HasSubstr(R"({"name":"plan.pdf","type":"application/pdf","bytes":)"));
    EXPECT_THAT(path_in(line), HasSubstr("/goat.jpg")) << "only what fits has a path";
}

TEST_F(Files, OfAProgramThatEndsAreOfferedAgain) {
    hello();
    session_->deliver(delivery(12, {kGoat}));
    session_->ended();
    EXPECT_EQ(office_.reports.at(0).second.kind, Outcome::Kind::NotTried);
    session_->started();
    hello();
    session_->deliver(delivery(12, {kGoat}));
    const std::string line = said();
    EXPECT_EQ(contents(path_in(line)), kGoat.bytes);
    now_ += std::chrono::minutes(11);
    EXPECT_FALSE(session_->look());
    said();
    EXPECT_FALSE(fs::exists(path_in(line))) << "not reported in time";
}

TEST_F(Files, WithoutRoomWait) {
    hello();
    for (DeliveryId id = 1; id <= 6; ++id) {
        session_->deliver(delivery(id, {kPlan}));
        said();
    }
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].first.delivery, 6);
    EXPECT_EQ(office_.reports[0].second.kind, Outcome::Kind::NotTried);
    EXPECT_THAT(office_.reports[0].second.detail, HasSubstr("fill its folder"));
    session_->line(R"({"report":1,"outcome":"sent"})");
    said();
    session_->deliver(delivery(6, {kPlan}));
    EXPECT_THAT(said(), HasSubstr("/plan.pdf"));
}

// A full disk, or as here: no file may be so large.
TEST_F(Files, ThatCannotBeWrittenWait) {
    hello();
    {
        const FilesEndAt room(2000);
        session_->deliver(delivery(12, {kGoat, kPlan}));
        EXPECT_THAT(said(), IsEmpty());
    }
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].second.kind, Outcome::Kind::NotTried);
    EXPECT_THAT(office_.reports[0].second.detail, HasSubstr("no file can be written to"));
    EXPECT_THAT(office_.begun, IsEmpty());
    EXPECT_TRUE(fs::is_empty(in_folder("out"))) << "what was written made room again";
    session_->deliver(delivery(12, {kGoat, kPlan}));
    const std::string line = said();
    EXPECT_EQ(contents(path_in(line, 1)), kGoat.bytes);
    EXPECT_EQ(contents(path_in(line, 2)), kPlan.bytes);
    EXPECT_EQ(office_.reports.size(), 1u);
}

TEST_F(Files, ThatCannotBeReadNowWait) {
    hello();
    Delivery one = delivery(12, {kGoat});
    one.body_network = "busy";
    session_->deliver(std::move(one));
    EXPECT_THAT(said(), IsEmpty());
    ASSERT_EQ(office_.reports.size(), 1u);
    EXPECT_EQ(office_.reports[0].second.kind, Outcome::Kind::NotTried);
    EXPECT_EQ(office_.reports[0].second.detail, "cannot be read now");
    EXPECT_TRUE(fs::is_empty(in_folder("out")));
}

TEST_F(Files, OfAnOriginalThatIsGoneAreNone) {
    hello();
    Delivery one = delivery(12, {kGoat});
    one.body.bytes.clear();
    session_->deliver(std::move(one));
    const std::string line = said();
    EXPECT_THAT(line, HasSubstr("\"deliver\":1"));
    EXPECT_THAT(line, Not(HasSubstr("files")));
    EXPECT_TRUE(fs::is_empty(in_folder("out")));
}

TEST_F(Files, DoNotPassWithoutAFolder) {
    session_->ended();
    fs::remove_all(folder_ / "files");
    std::ofstream(folder_ / "files") << "no folder";
    said();
    session_->started();
    EXPECT_THAT(out_, Not(HasSubstr("\"folder\"")));
    hello();
    EXPECT_THAT(accept(R"([{"name":"a","base64":"YQ=="}])"), HasSubstr("do not pass"));
    session_->deliver(delivery(12, {kGoat}));
    EXPECT_THAT(said(), Not(HasSubstr("files")));
}

}  // namespace
}  // namespace waypost::exec
