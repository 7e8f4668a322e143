// SPDX-License-Identifier: Apache-2.0
#include "flow.h"

#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>

#include "bridges/email/mime/write_mail.h"
#include "bridges/email/smtp/smtp_client.h"

namespace waypost::interop {
namespace {

constexpr char kOutside[] = "eve@out.test";
constexpr std::size_t kLarge = 70 * 1024;  // more than the store keeps in a row
constexpr int kLargeEach = 20;

bool is_large(int mail) { return mail % kLargeEach == 0; }
std::string text_of_mail(int mail) {
    return (is_large(mail) ? "large mail " : "mail ") + std::to_string(mail);
}
std::string text_of_letter(int letter) { return "letter " + std::to_string(letter); }

std::string filled(std::string text) {
    if (text.rfind("large", 0) != 0) return text;
    while (text.size() < kLarge) text += "\nand so the river went on between its stones";
    return text;
}

Poco::JSON::Object::Ptr parse(const std::string& json) {
    return Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>();
}

}  // namespace

const std::vector<std::string>& Flow::names() {
    static const std::vector<std::string> kNames{"ana", "ben", "carl", "dora", "emil", "frida"};
    return kNames;
}

const std::string& Flow::name_of(int line_or_letter) {
    return names()[static_cast<std::size_t>(line_or_letter) % names().size()];
}

Flow::Flow()
    : mesh_(fast_village(names())),
      villagers_(mesh_, names(), kOutside),
      box_(folder_, box_toml()) {
    introduce();
}

// One connection to the relay: then at most one mail per kill is in doubt. The gap of texts is four
// times the firmware's two seconds in the village's time, for a machine that is busy.
std::string Flow::box_toml() const {
    return "[email.relay]\nlisten = [\"lmtp:127.0.0.1:" + std::to_string(ports_.box_lmtp) +
           "\"]\ntrusted = [\"127.0.0.1/32\"]\nsecurity = \"plain\"\nconnections = 1\n" +
           "smarthost = \"smtp:127.0.0.1:" + std::to_string(relay_.port()) + "\"\n" +
           "[limits]\nradio_lines_per_minute = 0\n" + "[meshtastic.roof]\nport = \"" +
           mesh_.port() + "\"\ngap = \"270ms\"\n";
}

void Flow::introduce() {
    char id = 'a';
    for (const std::string& name : names()) {
        box_.waypost("people add " + name + " --radio 'meshtastic:!0000000" + id++ + "'");
    }
    begin_until({0, static_cast<int>(names().size()), 0});
    const bool written = eventually([&] {
        step();
        return at_rest();
    });
    if (!written) throw std::runtime_error("nobody could write: " + box_.log());
    for (const auto& each : relay_.mailbox()) {
        reply_to_[std::string(each.mail.from.local_part())] = each.reply_to;
    }
}

void Flow::begin_until(const Amount& until) {
    std::vector<ToAndText> mails;
    for (; begun_.mails < until.mails; ++begun_.mails)
        mails.emplace_back(kOutside, text_of_mail(begun_.mails));
    for (; begun_.letters < until.letters; ++begun_.letters)
        mails.emplace_back(reply_to_.at(name_of(begun_.letters)), text_of_letter(begun_.letters));
    for (; begun_.lines < until.lines; ++begun_.lines)
        villagers_.give(name_of(begun_.lines), begun_.lines);
    step();
    if (!mails.empty()) post(mails);
}

void Flow::post(const std::vector<ToAndText>& mails) const {
    email::RelayTarget target;
    target.host = "127.0.0.1";
    target.port = ports_.mx;
    target.security = email::RelayTarget::Security::Plain;
    static const email::Login kNobody;
    auto wire = email::connect(target);
    if (!wire.ok()) throw std::runtime_error(wire.error().text);
    email::SmtpClient client(std::move(*wire), target, "test", kNobody);
    if (const auto opened = client.open(); !opened.ok())
        throw std::runtime_error(opened.error().text);
    for (const auto& [to, text] : mails) {
        email::OutgoingMail mail;
        mail.from = *parse_address(kOutside);
        mail.to = *parse_address(to);
        mail.subject = "crash";
        mail.text = filled(text);
        mail.message_id = '<' + text + "@out.test>";
        std::replace(mail.message_id.begin(), mail.message_id.end(), ' ', '.');
        const auto bytes = email::write_mail(mail);
        if (!bytes.ok() || client.send({kOutside, to, *bytes}).kind != Outcome::Kind::Sent)
            throw std::runtime_error("Postfix does not take " + text);
    }
    client.quit();
}

std::map<std::string, std::vector<std::string>> Flow::arrived() const {
    std::map<std::string, std::vector<std::string>> texts;
    for (const auto& each : relay_.mailbox()) {
        const std::string& text = each.mail.text;
        std::string first = text.substr(0, text.find('\n'));
        if (text != filled(first)) first += " cut";
        texts[first].push_back(each.mail.message_id);
    }
    return texts;
}

bool Flow::letters_are_read() const {
    for (int i = 0; i < begun_.letters; ++i) {
        if (!villagers_.saw(name_of(i), ' ' + text_of_letter(i))) return false;
    }
    return true;
}

bool Flow::at_rest() {
    if (villagers_.waiting() || !letters_are_read()) return false;
    for (const auto& [state, count] : states()) {
        if (count > 0 && state != "sent" && state != "delivered") return false;
    }
    const auto texts = arrived();
    bool all = true;
    for (int i = 0; i < begun_.mails; ++i) all = all && texts.count(text_of_mail(i)) > 0;
    for (int i = 0; i < begun_.lines; ++i) {
        const std::string line = Villagers::writing(name_of(i), i, "");
        const auto found = texts.lower_bound(line);
        if (found != texts.end() && found->first.rfind(line, 0) == 0) continue;
        villagers_.give(name_of(i), i);
        all = false;
    }
    return all;
}

std::map<std::string, int> Flow::states() const {
    std::map<std::string, int> states;
    const auto counts = parse(box_.waypost("status --json"))->getArray("deliveries");
    for (unsigned i = 0; i < counts->size(); ++i) {
        const auto each = counts->getObject(i);
        states[each->getValue<std::string>("state")] += each->getValue<int>("count");
    }
    return states;
}

std::chrono::milliseconds Flow::airtime_used() const {
    const auto transports = parse(box_.waypost("status --json"))->getArray("transports");
    std::chrono::milliseconds used{0};
    for (unsigned i = 0; i < transports->size(); ++i)
        used += std::chrono::milliseconds(
            transports->getObject(i)->getValue<Poco::Int64>("airtime_used_ms"));
    return used;
}

std::size_t Flow::body_files() const {
    const std::filesystem::directory_iterator files(folder_ / "waypost.db.bodies");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

std::size_t Flow::large_mails() const {
    std::size_t large = 0;
    for (int i = 0; i < begun_.mails; ++i) large += is_large(i) ? 1 : 0;
    return large;
}

}  // namespace waypost::interop
