// SPDX-License-Identifier: Apache-2.0
// A test of the signal between a radio of the box and one that it heard.
#include "gateway/signal_test.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

// Null: there is no such transport, or it has no test. `transport` keeps it alive.
TestsSignal* tester(Desk& desk, const Request& request, std::shared_ptr<Transport>& transport) {
    transport = desk.office().transports().find(request.path.at(0));
    return dynamic_cast<TestsSignal*>(transport.get());
}

Reply has_none(const Request& request) {
    return fail(404, "not-found", request.path.at(0) + " has no test of its signal");
}

const char* to_string(SignalTest::State state) {
    switch (state) {
        case SignalTest::State::Waits:
            return "waits";
        case SignalTest::State::Answered:
            return "answered";
        case SignalTest::State::Silent:
            break;
    }
    return "silent";
}

std::string known(const Address& address) { return address.empty() ? "" : address.uri(); }

Json::Ptr leg(const SignalTest::Leg& leg) {
    Json::Ptr o = new Json;
    o->set("from", known(leg.from));
    o->set("to", known(leg.to));
    o->set("snr_db", leg.snr_db ? Poco::Dynamic::Var(static_cast<double>(*leg.snr_db))
                                : Poco::Dynamic::Var());
    return o;
}

Reply last(Desk& desk, const Request& request) {
    std::shared_ptr<Transport> transport;
    const TestsSignal* tests = tester(desk, request, transport);
    if (tests == nullptr) return has_none(request);
    Reply reply;
    const auto test = tests->signal_test();
    reply.body->set("state", test ? to_string(test->state) : "");
    if (!test) return reply;
    const Box& box = desk.office().box();
    reply.body->set("node", known(test->node));
    reply.body->set("asked_ms", Poco::Int64(box.wall_ms() - (box.box_ms() - to_ms(test->asked))));
    reply.body->set("why", test->why);
    reply.body->set("took_ms", Poco::Int64(test->took.count()));
    reply.body->set("legs", list_of(test->legs, leg));
    return reply;
}

Reply begin(Desk& desk, const Request& request) {
    std::shared_ptr<Transport> transport;
    TestsSignal* tests = tester(desk, request, transport);
    if (tests == nullptr) return has_none(request);
    const auto node = parse_address(request.body->getValue<std::string>("node"));
    if (!node.ok()) return fail(node.error());
    return done(tests->test_signal(*node));
}

}  // namespace

std::vector<Route> signal_routes() {
    return {{"GET", "/radios/{id}/test", last}, {"POST", "/radios/{id}/test", begin}};
}

}  // namespace waypost::api
