// SPDX-License-Identifier: Apache-2.0
// Signed commands to a box: keys and packets need no daemon, `run`, `list` and `send` ask it.
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "app/cli/cli.h"
#include "gateway/base/durable_file.h"
#include "gateway/base/encoding.h"
#include "gateway/care/key_file.h"
#include "gateway/message/care_text.h"

namespace waypost::cli {
namespace {

constexpr std::size_t kMostPacketFile = 64u << 10;

struct CareWords {
    std::string key, passphrase_file, box, command, out, file, from;
    int minutes = 7 * 24 * 60;
    bool text = false;
};

Result<Secret> passphrase_of(const CareWords& words) {
    return words.passphrase_file.empty() ? Result<Secret>(Secret())
                                         : read_secret_file(words.passphrase_file);
}

void keygen(Context& context, const CareWords& words) {
    const auto passphrase = passphrase_of(words);
    if (!passphrase.ok()) return fail(context, passphrase.error());
    const auto random = system_random();
    const auto key = care::make_key_file(words.key, *passphrase, *random);
    if (!key.ok()) return fail(context, key.error());
    if (context.json) {
        Json object;
        object.set("key", care::key_text(*key));
        return print_json(object);
    }
    print("The secret is in " + words.key + ". On the box, with a name of yours for NAME:");
    print("[care.NAME]\nkey = \"" + care::key_text(*key) +
          "\"\nmay = [\"status\", \"log\", \"restart\", \"update\", \"stolen\"]");
}

void sign(Context& context, const CareWords& words) {
    const auto passphrase = passphrase_of(words);
    if (!passphrase.ok()) return fail(context, passphrase.error());
    const auto packet =
        care::sign_with_file(words.key, *passphrase, words.box, words.command,
                             static_cast<std::uint16_t>(words.minutes), SystemClock().wall());
    if (!packet.ok()) return fail(context, packet.error());
    const std::string text = care::as_text(packet->packet);
    if (context.json) {
        Json object;
        object.set("packet", to_base64(packet->packet));
        object.set("number", Poco::UInt64(packet->number));
        return print_json(object);
    }
    const std::string out = words.text ? text + '\n' : packet->packet;
    if (words.out.empty()) {
        std::cout << out << std::flush;
        return;
    }
    const auto written = write_durably({words.out, out});
    if (!written.ok()) fail(context, written.error());
}

// "-" is standard input.
Result<std::string> packet_of(const std::string& file) {
    std::ifstream named;
    if (file != "-") named.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : named;
    std::ostringstream all;
    if (!in || !(all << in.rdbuf()))
        return Error{Code::NotFound, "cannot read a packet from " + file, false};
    std::string bytes = all.str();
    if (bytes.size() > kMostPacketFile)
        return Error{Code::TooLarge, file + " is too long for a signed command", false};
    if (bytes.find(kCareMark) == std::string::npos) return bytes;
    return care::packet_in(bytes);
}

void run(Context& context, const CareWords& words) {
    const auto packet = packet_of(words.file);
    if (!packet.ok()) return fail(context, packet.error());
    Json::Ptr body = new Json;
    body->set("packet", to_base64(*packet));
    const auto reply = ask(context, "POST", "/care", body);
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    print((*reply)->getValue<std::string>("answer"));
}

// A letter to care@ of the box, by whatever way its mail goes.
void send(Context& context, const CareWords& words) {
    const auto bytes = packet_of(words.file);
    const auto packet =
        bytes.ok() ? care::parse_packet(*bytes) : Result<care::Packet>(bytes.error());
    if (!packet.ok()) return fail(context, packet.error());
    if (packet->box != care::box_print(words.box))
        return fail(context, {Code::BadInput, "this command is not for " + words.box, false});
    Json::Ptr body = new Json;
    body->set("from", words.from);
    Poco::JSON::Array to;
    to.add(std::string(kCareName) + '@' + words.box);
    body->set("to", to);
    body->set("text", care::as_text(packet->bytes));
    const auto reply = ask(context, "POST", "/messages", body);
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto verdict = (*reply)->getArray("verdicts")->getObject(0);
    const auto said = verdict->getValue<std::string>("verdict");
    if (said == "refused" || said == "later")
        return fail(context, {Code::Refused, verdict->getValue<std::string>("text"), false});
    print(said + "; the answer comes to " + words.from);
}

std::string line_of(const Json& row) {
    const auto answer = row.getValue<std::string>("answer");
    return ago(row.getValue<Poco::Int64>("at_ms")) + ", " + row.getValue<std::string>("who") +
           " by " + row.getValue<std::string>("way") + ": " + row.getValue<std::string>("command") +
           ": " + (answer.empty() ? "begun, and not known to have ended" : answer);
}

void add_keygen(CLI::App& care, Context& context, const std::shared_ptr<CareWords>& words) {
    auto* keygen_command = care.add_subcommand("keygen", "a new key, on the operator's machine");
    keygen_command->add_option("FILE", words->key, "where the secret goes, mode 0600")->required();
    keygen_command->add_option("--passphrase-file", words->passphrase_file,
                               "a file of mode 0600 with a passphrase that seals it");
    keygen_command->callback([&context, words] { keygen(context, *words); });
}

void add_sign(CLI::App& care, Context& context, const std::shared_ptr<CareWords>& words) {
    auto* sign_command = care.add_subcommand("sign", "a packet with one command for one box");
    sign_command->add_option("--key", words->key, "the file of keygen")->required();
    sign_command->add_option("--passphrase-file", words->passphrase_file, "as for keygen");
    sign_command->add_option("--box", words->box, "mail domain of the box")->required();
    sign_command->add_option("--command", words->command, "\"restart meshtastic.roof\"")
        ->required();
    sign_command->add_option("--minutes", words->minutes, "it is good for so long; 0: for ever")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    sign_command->add_flag("--text", words->text, "as a line for a mail, not as bytes");
    sign_command->add_option("--out", words->out, "a file, instead of standard output");
    sign_command->callback([&context, words] { sign(context, *words); });
}

}  // namespace

void add_care(CLI::App& app, Context& context) {
    auto* care = app.add_subcommand("care", "signed commands of operators who are not here");
    care->require_subcommand(1);
    const auto words = std::make_shared<CareWords>();
    add_keygen(*care, context, words);
    add_sign(*care, context, words);
    auto* run_command = care->add_subcommand("run", "does what a packet says, at this box");
    run_command->add_option("PACKET", words->file, "file of sign; -: standard input")->required();
    run_command->callback([&context, words] { run(context, *words); });
    auto* send_command =
        care->add_subcommand("send", "sends a packet to another box, as mail goes there");
    send_command->add_option("PACKET", words->file, "as for run")->required();
    send_command->add_option("--box", words->box, "mail domain of that box")->required();
    send_command->add_option("--from", words->from, "a person here, who gets the answer")
        ->required();
    send_command->callback([&context, words] { send(context, *words); });
    auto* list_command = care->add_subcommand("list", "the last commands, with their answers");
    list_command->callback(
        [&context] { print_list(context, "/care", "commands", "None so far.", line_of); });
}

}  // namespace waypost::cli
