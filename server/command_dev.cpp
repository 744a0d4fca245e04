#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "auth/signing_key.hpp"
#include "base/json.hpp"
#include "server/certificate.hpp"
#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/offline.hpp"
#include "server/process.hpp"

// What is needed to try TLS and tokens out: `dev-certs` and `dev-token`.

namespace cds::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view key_id = "dev-key";
constexpr std::string_view issuer = "urn:countersign:dev-client";

/// Writes a file that only its owner can read; one that is there already stays.
std::optional<base::Error> write_file(fs::path const& path, std::string_view text) {
    int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
        return base::Error{base::ErrorCode::invalid, path.string(),
                           "The file cannot be made, or it is there already; name another folder."};
    bool const whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    bool const closed = ::close(file) == 0;
    if (whole && closed) return {};
    return base::Error{base::ErrorCode::internal, path.string(), "The file could not be written."};
}

std::string registration(auth::SigningKey const& key, std::string_view base_url) {
    std::string out = R"({
  "clients": [
    {
      "id": "dev-client",
      "issuer": ")";
    out += issuer;
    out += R"(",
      "audienceBases": [)";
    base::json::write_string(base_url, out);
    out += R"(],
      "jwks": {"keys": [)";
    return out + key.public_jwk(key_id) + "]}\n    }\n  ]\n}\n";
}

struct File {
    std::string name, text;
};

base::Result<std::vector<File>> make_files(std::string_view base_url, base::Instant now) {
    Certificate::Wanted wanted;
    wanted.name = "Countersign throw-away authority";
    wanted.from = now - std::chrono::hours{1};
    wanted.until = now + std::chrono::days{90};
    auto const authority = Certificate::authority(wanted);
    if (!authority) return authority.error();
    wanted.name = "localhost";
    wanted.hosts = {"localhost", "127.0.0.1", "::1"};
    auto const server = authority->issue(wanted);
    if (!server) return server.error();
    wanted.name = "dev-client";
    wanted.hosts.clear();
    auto const client = authority->issue(wanted);
    if (!client) return client.error();
    auto const key = auth::SigningKey::generate(auth::Algorithm::es384);
    if (!key) return key.error();
    return std::vector<File>{
        {"ca.pem", authority->certificate_pem()},      {"server.pem", server->certificate_pem()},
        {"server-key.pem", server->key_pem()},         {"client.pem", client->certificate_pem()},
        {"client-key.pem", client->key_pem()},         {"token-key.pem", key->pem()},
        {"clients.json", registration(*key, base_url)}};
}

}  // namespace

int command_dev_certs(Arguments arguments) {
    CLI::App app{
        "Makes a throw-away authority, a certificate for this machine, a client certificate, and a "
        "registered client with its signing key, good for 90 days. For trying out only.",
        "countersign dev-certs"};
    std::string folder, base_url = "https://localhost:8443";
    app.add_option("folder", folder, "Where to write; made when it is not there.")->required();
    app.add_option("--base-url", base_url,
                   "Under which the client calls; default " + base_url + ".");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const files = make_files(base_url, real_now());
    if (!files) return failed(files.error());
    std::error_code error;
    fs::create_directories(folder, error);
    for (auto const& file : *files)
        if (auto const fault = write_file(fs::path{folder} / file.name, file.text))
            return failed(*fault);
    std::printf(
        "Written to %s. To try it:\n\n"
        "  countersign serve --listen 127.0.0.1:8443 --clients %s/clients.json \\\n"
        "      --tls-certificate %s/server.pem --tls-key %s/server-key.pem\n"
        "  curl --cacert %s/ca.pem -H \"Authorization: Bearer $(countersign dev-token %s)\" \\\n"
        "      -H 'Content-Type: application/json' --data @REQUEST.json \\\n"
        "      %s/cds-services/immunosuppressant-safety\n",
        folder.c_str(), folder.c_str(), folder.c_str(), folder.c_str(), folder.c_str(),
        folder.c_str(), base_url.c_str());
    return 0;
}

int command_dev_token(Arguments arguments) {
    CLI::App app{"Prints a token of the client that dev-certs registered, good for five minutes.",
                 "countersign dev-token"};
    std::string folder;
    std::string audience = "https://localhost:8443/cds-services/immunosuppressant-safety";
    app.add_option("folder", folder, "The folder of dev-certs.")->required();
    app.add_option("--audience", audience,
                   "The exact URL that is called; default " + audience + ".");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const path = (fs::path{folder} / "token-key.pem").string();
    auto const pem = read_input(path);
    if (!pem)
        return failed({base::ErrorCode::not_found, path,
                       "The file cannot be read; `countersign dev-certs FOLDER` makes it."});
    auto const key = auth::SigningKey::read(auth::Algorithm::es384, *pem);
    if (!key) return failed(key.error());
    auto const unique = random_prefix();
    if (!unique) return failed(unique.error());
    auto const now = real_now().time_since_epoch().count();
    std::string claims = R"({"iss":")" + std::string{issuer} + R"(","aud":)";
    base::json::write_string(audience, claims);
    claims += R"(,"iat":)" + std::to_string(now / 1000) + R"(,"exp":)" +
              std::to_string(now / 1000 + 300) + R"(,"jti":")" + std::to_string(now) + "-" +
              *unique + R"("})";
    std::puts(key->token(key_id, claims).c_str());
    return 0;
}

}  // namespace cds::server
