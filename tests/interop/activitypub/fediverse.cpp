// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/activitypub/fediverse.h"

#include <array>
#include <fstream>
#include <stdexcept>

#include "tests/interop/activitypub/own_network.h"

namespace waypost::interop {
namespace {

struct Host {
    const char* name;
    const char* address;
};
constexpr std::array kHosts = {
    Host{"hill.test", "127.0.1.1"},    Host{"dale.test", "127.0.1.2"},
    Host{"oak.test", "127.0.1.3"},     Host{"elm.test", "127.0.1.4"},
    Host{"village.test", "127.0.1.5"},
};

std::string hosts_file() {
    std::string all = "127.0.0.1 localhost\n";
    for (const Host& each : kHosts) all += std::string(each.address) + ' ' + each.name + '\n';
    return all;
}

void make_certificates(const Folder& folder) {
    const std::string new_key = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
    shell(new_key + "-x509 -days 30 -subj '/CN=The authority of this test' -keyout " +
          folder / "ca.key" + " -out " + folder / "ca.crt" +
          " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
    shell(new_key + "-subj /CN=fediverse -keyout " + folder / "hosts.key" + " -out " +
          folder / "hosts.csr");
    std::ofstream names(folder / "names");
    for (const Host& each : kHosts)
        names << (&each == kHosts.begin() ? "subjectAltName=DNS:" : ",DNS:") << each.name;
    names.close();
    shell("openssl x509 -req -days 30 -CAcreateserial -in " + folder / "hosts.csr" + " -CA " +
          folder / "ca.crt" + " -CAkey " + folder / "ca.key" + " -extfile " + folder / "names" +
          " -out " + folder / "hosts.crt");
}

}  // namespace

Fediverse::Fediverse() {
    make_certificates(folder_);
    enter_own_network(folder_.path(), hosts_file(), authority());
}

std::string Fediverse::address_of(const std::string& host) {
    for (const Host& each : kHosts)
        if (host == each.name) return each.address;
    throw std::runtime_error(host + " is no name of this fediverse");
}

TlsProxy::TlsProxy(const Fediverse& world, const std::string& host, int port) {
    std::ofstream(folder_ / "nginx.conf") << settings(world, host, port);
    nginx_ = std::make_unique<Child>(
        std::vector<std::string>{"nginx", "-e", folder_ / "log", "-c", folder_ / "nginx.conf"},
        folder_ / "log");
    const std::string asked = "curl -s -m 5 -o /dev/null https://" + host + "/";
    if (!eventually([&] { return std::system(asked.c_str()) == 0; }))
        throw std::runtime_error("nginx does not come up: " + contents(folder_ / "log"));
}

std::string TlsProxy::settings(const Fediverse& world, const std::string& host, int port) const {
    std::string temporary;
    for (const char* each : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += std::string(each) + "_temp_path " + folder_ / each + ";\n";
    return "daemon off; master_process off;\npid " + folder_ / "pid" +
           ";\nevents { }\nhttp {\naccess_log off;\n" + temporary + "server {\nlisten " +
           Fediverse::address_of(host) + ":443 ssl;\nserver_name " + host + ";\nssl_certificate " +
           world.certificate() + ";\nssl_certificate_key " + world.key() +
           ";\nlocation / {\nproxy_set_header Host $http_host;\nproxy_set_header X-Forwarded-For "
           "$proxy_add_x_forwarded_for;\nproxy_pass http://127.0.0.1:" +
           std::to_string(port) + ";\n}\n}\n}\n";
}

}  // namespace waypost::interop
