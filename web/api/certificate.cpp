// SPDX-License-Identifier: Apache-2.0
// The certificate that the console shows.
#include "gateway/certificates/certificate_desk.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply no_tls() {
    return fail(404, "not-found", "the console has no TLS: `tls_listen` of [console]");
}

Reply certificate(Desk& desk, const Request&) {
    Reply reply;
    Json& o = *reply.body;
    o.set("tls", desk.certificates() != nullptr);
    if (desk.certificates() == nullptr) return reply;
    const CertificateReport report = desk.certificates()->report();
    o.set("wanted", report.wanted);
    o.set("in_use", report.in_use);
    o.set("names", list_of(report.names));
    o.set("issuer", report.issuer);
    o.set("fingerprint", report.fingerprint);
    o.set("not_before_ms", Poco::Int64(report.not_before_ms));
    o.set("not_after_ms", Poco::Int64(report.not_after_ms));
    if (report.days_left) o.set("days_left", *report.days_left);
    o.set("accepted", report.accepted);
    o.set("problem", report.problem);
    o.set("problem_ms", Poco::Int64(report.problem_ms));
    if (report.next_try_min) o.set("next_try_min", *report.next_try_min);
    return reply;
}

Reply renew(Desk& desk, const Request&) {
    return desk.certificates() == nullptr ? no_tls() : done(desk.certificates()->renew());
}

}  // namespace

std::vector<Route> certificate_routes() {
    return {{"GET", "/certificate", certificate},
            {"POST", "/certificate/renew", renew, Role::Admin}};
}

}  // namespace waypost::api
