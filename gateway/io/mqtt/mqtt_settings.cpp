// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/mqtt/mqtt_settings.h"

#include <stdexcept>

namespace waypost::mqtt {
namespace {

constexpr int kPort = 1883;
constexpr int kTlsPort = 8883;
constexpr char kForm[] = ": broker is mqtts://HOST:PORT, or mqtt://HOST:PORT";

int read_port(const std::string& text, const std::string& whole) {
    const bool digits = !text.empty() && text.size() <= 5 &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    const int port = digits ? std::stoi(text) : 0;
    if (port < 1 || port > 65535) throw std::runtime_error(whole + kForm);
    return port;
}

void read_url(const std::string& url, MqttOptions& options) {
    const std::size_t slashes = url.find("://");
    const std::string scheme = url.substr(0, slashes);
    if (slashes == std::string::npos || (scheme != "mqtt" && scheme != "mqtts"))
        throw std::runtime_error(url + kForm);
    options.tls = scheme == "mqtts";
    std::string rest = url.substr(slashes + 3);
    if (!rest.empty() && rest.back() == '/') rest.pop_back();
    const std::size_t bracket = rest.rfind(']');
    const std::size_t colon = rest.rfind(':');
    const bool has_port =
        colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    options.host = has_port ? rest.substr(0, colon) : rest;
    if (bracket != std::string::npos && !options.host.empty() && options.host.front() == '[')
        options.host = options.host.substr(1, bracket - 1);
    options.port =
        has_port ? read_port(rest.substr(colon + 1), url) : (options.tls ? kTlsPort : kPort);
    if (options.host.empty() || options.host.find_first_of("/@ ") != std::string::npos)
        throw std::runtime_error(url + kForm);
}

}  // namespace

MqttOptions read_broker(const SectionValues& values) {
    MqttOptions options;
    read_url(values.text("broker"), options);
    options.user = values.text("user");
    options.ca_file = values.text("ca_file");
    options.version5 = values.text("version") == "5";
    if (values.has("password")) {
        if (options.user.empty()) throw std::runtime_error("password: it needs a user");
        auto password = read_secret_file(values.text("password"));
        if (!password.ok()) throw std::runtime_error(password.error().text);
        options.password = std::move(*password);
    }
    return options;
}

}  // namespace waypost::mqtt
