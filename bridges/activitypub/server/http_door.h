// SPDX-License-Identifier: Apache-2.0
// The HTTP server that other servers of the fediverse come to: in clear behind a reverse proxy, or
// with TLS of its own. What it hands on has its whole body, within limits; who sends slowly or
// keeps his connection for more costs no thread (gateway/io/http/front.h). Threads: its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace waypost::activitypub {

struct Request {
    std::string method;  // "GET", "HEAD", "POST"
    std::string path;    // decoded, without the query; begins with a slash
    std::string target;  // as it stood in the request line, with the query
    // Decoded (RFC 3986: a plus stays one); of a name that repeats, the first.
    std::map<std::string, std::string> query;
    // Names in small letters, values as they came.
    std::multimap<std::string, std::string> headers;
    std::string body;
    std::string from;  // IP address; of a trusted proxy, whom it says it speaks for

    std::string header(const std::string& name) const;  // the first, or empty
};

// Of HEAD the body is not sent, its length is.
struct Answer {
    int status = 200;
    std::string type;  // media type; empty: no body
    std::string body;
    std::map<std::string, std::string> headers;
};

// An answer for people: one sentence.
Answer plain_answer(int status, const std::string& sentence);

struct HttpDoorOptions {
    std::string section;                   // of the settings, as errors name it
    std::string listen;                    // "127.0.0.1:8090"; empty: not
    std::string tls_listen;                // with TLS; empty: not
    std::string certificate, private_key;  // PEM files, of tls_listen; read again when they change
    std::string proxy;  // IP address whose X-Forwarded-For is believed; empty: none's
    // A larger body is answered with 413 before it is read. In chunks (RFC 9112 7.1): 411.
    std::size_t most_body = 1u << 20;
    int threads = 4;
    // Requests that one address may have in a minute, and have in hand at once; of IPv6 one /64.
    // More: 429.
    int per_minute = 600;
    int at_once = 3;  // fewer than threads, so that one is left for others
    std::chrono::milliseconds head_time = std::chrono::seconds(10);
    std::chrono::milliseconds body_time = std::chrono::seconds(60);
    std::chrono::milliseconds idle_time = std::chrono::seconds(30);  // between two requests
    // How often it is looked whether the files of the certificate changed.
    std::chrono::milliseconds certificate_look = std::chrono::seconds(5);
};

class HttpDoor {
  public:
    // `answer`: called by several threads at once; may take long. Exceptions of it become 500.
    using Handler = std::function<Answer(const Request&)>;

    // Throws std::runtime_error with a sentence for the operator.
    HttpDoor(HttpDoorOptions options, Handler answer);
    ~HttpDoor();
    HttpDoor(const HttpDoor&) = delete;
    HttpDoor& operator=(const HttpDoor&) = delete;
    void stop();       // no thread is left in the handler; nothing listens any more
    int port() const;  // of listen; 0: none
    int tls_port() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace waypost::activitypub
