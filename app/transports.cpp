// SPDX-License-Identifier: Apache-2.0
#include "app/transports.h"

#include <filesystem>

#include "app/care_keys.h"
#include "app/chat_server.h"
#include "bridges/activitypub/activitypub_transport.h"
#include "bridges/activitypub/client/client_transport.h"
#include "bridges/email/email_transport.h"
#include "bridges/email/mailbox/mailbox_transport.h"
#include "bridges/email/mailserver/mailserver_transport.h"
#include "bridges/exec/exec_transport.h"
#include "bridges/lorawan/lorawan.h"
#include "bridges/nncp/nncp_transport.h"
#include "bridges/sensors/sensors.h"
#include "bridges/xmpp/account/account_transport.h"
#include "bridges/xmpp/chatserver/chat_server.h"
#include "bridges/xmpp/xmpp_transport.h"
#include "gateway/config/config.h"
#include "radio/meshcore/meshcore_transport.h"
#include "radio/meshtastic/gateway/meshtastic_gateway.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/meshtastic/mqtt/meshtastic_mqtt.h"
#include "radio/meshtastic/udp/meshtastic_udp.h"
#include "radio/reticulum/reticulum_transport.h"
#include "radio/trunk/transport/trunk_transport.h"

namespace waypost {
namespace {

const std::shared_ptr<UsbRadios>& shared_usb_radios() {
    static const auto kRadios = std::make_shared<UsbRadios>();
    return kRadios;
}

}  // namespace

UsbRadios& usb_radios() { return *shared_usb_radios(); }

std::vector<TransportKind> new_transport_kinds() {
    const auto bands = std::make_shared<SharedBands>();
    const auto hub = std::make_shared<meshtastic::BrokerHub>();
    const Originals originals = {
        {"email", email::email_kind().open_attachment},
        {"xmpp", xmpp::xmpp_kind().open_attachment},
    };
    return {
        meshtastic::meshtastic_kind(bands, shared_usb_radios(), hub),
        meshcore::meshcore_kind(bands, shared_usb_radios()),
        meshtastic::meshtastic_mqtt_kind(),
        meshtastic::meshtastic_gateway_kind(hub),
        meshtastic::meshtastic_udp_kind(),
        reticulum::reticulum_kind(bands),
        sensors::sensors_kind(),
        lorawan::lorawan_kind(),
        email::email_kind(),
        email::mailbox_kind(),
        email::mailserver_kind(),
        nncp::nncp_kind(),
        xmpp::xmpp_kind(),
        xmpp::xmpp_account_kind(),
        activitypub::activitypub_kind(originals),
        activitypub::fediverse_account_kind(originals),
        exec::exec_kind(originals),
        trunk::trunk_kind(bands),
    };
}

const std::vector<TransportKind>& transport_kinds() {
    static const std::vector<TransportKind> kKinds = new_transport_kinds();
    return kKinds;
}

std::span<const Section* const> all_sections() {
    static const std::vector<const Section*> kAll = [] {
        const auto core = core_sections();
        std::vector<const Section*> all(core.begin(), core.end());
        for (const TransportKind& kind : transport_kinds()) all.push_back(kind.section);
        all.push_back(&xmpp::chat_server_section());
        all.push_back(&care_section());
        return all;
    }();
    return kAll;
}

namespace {

// Paths in a transport's section are relative to the file, like all others. The box's own chat
// server says something of the network that is its component.
SectionValues with_paths(const Config& config, const Section& section,
                         const SectionValues& values) {
    std::map<std::string, std::string, std::less<>> text;
    std::map<std::string, std::vector<std::string>, std::less<>> lists;
    for (const Setting& setting : section.settings) {
        const std::string key(setting.key);
        if (setting.kind == Setting::Kind::List) {
            lists[key] = values.list(key);
        } else if (setting.kind == Setting::Kind::Path ||
                   setting.kind == Setting::Kind::SecretFile) {
            text[key] = config.path(values.text(key));
        } else {
            text[key] = values.text(key);
        }
    }
    // Files of a program are the box's own, as bodies are, and so are models, which it builds.
    const std::string store = config.path(config.section("store").text("path"));
    if (section.name == "exec" && !values.has("files")) text["files"] = store + ".exec";
    if (section.name == "trunk" && values.has("models"))
        text["models"] = std::filesystem::path(store).parent_path() / values.text("models");
    if (section.name == "xmpp") {
        ChatServerFill fill = fill_from_chat_server(config, values);
        for (auto& [key, value] : fill.text) text[key] = std::move(value);
        for (auto& [key, value] : fill.lists) lists[key] = std::move(value);
    }
    return {&section, values.instance(), text, lists};
}

}  // namespace

std::unique_ptr<Transport> make_transport(const Config& config, const TransportKind& kind,
                                          const SectionValues& values) {
    return kind.make(std::string(kind.section->name) + '.' + values.instance(),
                     with_paths(config, *kind.section, values));
}

}  // namespace waypost
