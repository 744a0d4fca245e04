#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cards/readable.hpp"
#include "hooks/lint.hpp"
#include "server/commands.hpp"
#include "server/folder.hpp"
#include "server/loopback.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;
namespace lint = hooks::lint;
using lint::Severity;

constexpr int clean = 0, has_errors = 1, unreadable = 2;
constexpr std::size_t columns = 100;

int unread(base::Error const& error) {
    (void)failed(error);
    return unreadable;
}

struct LintChoice {
    lint::Dialect as = lint::Dialect::standard;
    std::optional<lint::Kind> kind;
    std::string request;  ///< text of the call that a response answers; empty: not given
    bool as_json = false;
};

/// What was found in one message.
struct Looked {
    std::optional<lint::Kind> kind;  ///< none: it is no message of CDS Hooks
    std::vector<lint::Violation> violations;
};

bool looks_like_jwt(std::string_view text) {
    return text.starts_with("eyJ") && text.find('.') != std::string_view::npos;
}

Looked look_at(std::string_view text, LintChoice const& choice) {
    Looked looked;
    if (choice.kind == lint::Kind::jwt || (!choice.kind && looks_like_jwt(text)))
        return {lint::Kind::jwt, lint::lint_jwt(text, choice.as)};
    base::json::Document document, request;
    auto const message = document.parse(text);
    looked.kind = choice.kind;
    if (!message) {
        looked.kind = choice.kind.value_or(lint::Kind::request);
        looked.violations.push_back({message.error().where, "G9", Severity::error,
                                     "This is no JSON that a service would read.",
                                     "Send one JSON value in UTF-8 that names no member twice."});
        return looked;
    }
    if (!looked.kind) looked.kind = lint::recognise(*message);
    if (!looked.kind) return looked;
    auto const call = choice.request.empty() ? base::Result<base::json::Value>{base::json::Value{}}
                                             : request.parse(choice.request);
    looked.violations =
        lint::lint(*message, *looked.kind, choice.as, call ? *call : base::json::Value{});
    return looked;
}

long count(Looked const& looked, Severity severity) {
    return std::ranges::count(looked.violations, severity, &lint::Violation::severity);
}

std::string number_of(long count, std::string_view noun) {
    return std::to_string(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

void print_text(std::string const& name, Looked const& looked, LintChoice const& choice) {
    std::string out = name + ": ";
    if (!looked.kind) {
        out += "no message of CDS Hooks; --kind says what it is meant to be\n";
    } else {
        out += std::string{lint::name(*looked.kind)} + ", as " +
               std::string{lint::name(choice.as)} + ": " +
               number_of(count(looked, Severity::error), "error") + ", " +
               number_of(count(looked, Severity::warning), "warning") + ", " +
               number_of(count(looked, Severity::note), "note") + "\n";
    }
    for (auto const& violation : looked.violations) {
        std::string const first = "  " + std::string{lint::name(violation.severity)} + "  ";
        auto const place = violation.where.empty() ? "the whole message" : violation.where;
        cards::append_wrapped(place + " (" + std::string{violation.requirement} + "): " +
                                  std::string{violation.what} + " " + std::string{violation.fix},
                              first, columns, out);
    }
    std::fputs(out.c_str(), stdout);
}

void append_member(std::string_view name, std::string_view value, std::string& out) {
    out += out.back() == '{' ? "" : ",";
    base::json::write_string(name, out);
    out += ':';
    base::json::write_string(value, out);
}

/// One object on one line.
void print_json(std::string const& name, Looked const& looked, LintChoice const& choice) {
    std::string out = "{";
    append_member("message", name, out);
    if (looked.kind) append_member("kind", lint::name(*looked.kind), out);
    append_member("as", lint::name(choice.as), out);
    out += R"(,"violations":[)";
    for (auto const& violation : looked.violations) {
        out += out.back() == '[' ? "{" : ",{";
        append_member("path", violation.where, out);
        append_member("requirement", violation.requirement, out);
        append_member("severity", lint::name(violation.severity), out);
        append_member("what", violation.what, out);
        append_member("fix", violation.fix, out);
        out += '}';
    }
    out += "]}";
    std::puts(out.c_str());
}

int look_and_print(std::string const& name, std::string_view text, LintChoice const& choice) {
    auto const looked = look_at(text, choice);
    if (choice.as_json)
        print_json(name, looked, choice);
    else
        print_text(name, looked, choice);
    if (!looked.kind) return unreadable;
    return lint::has_errors(looked.violations) ? has_errors : clean;
}

int look_at_folder(std::string const& folder, LintChoice const& choice) {
    auto const files = json_files(folder);
    if (!files) return unread(files.error());
    auto worst = clean;
    std::size_t looked_at = 0;
    for (auto const& file : *files) {
        auto const text = read_input(file.string());
        if (!text)
            return unread({base::ErrorCode::not_found, file.string(), "The file cannot be read."});
        auto const outcome = look_and_print(file.string(), *text, choice);
        // A folder may hold other JSON too.
        if (outcome == unreadable) continue;
        ++looked_at;
        worst = std::max(worst, outcome);
    }
    if (looked_at == 0) {
        std::fputs("There is no message of CDS Hooks in this folder.\n", stderr);
        return unreadable;
    }
    return worst;
}

int run(std::string const& place, LintChoice const& choice) {
    std::error_code ignored;
    if (fs::is_directory(place, ignored)) return look_at_folder(place, choice);
    if (is_url(place)) {
        auto const body = ask_loopback(place, choice.request);
        if (body) return look_and_print(place, *body, choice);
        return unread(body.error());
    }
    auto const text = read_input(place);
    if (text) return look_and_print(place, *text, choice);
    return unread({base::ErrorCode::not_found, place, "The file cannot be read."});
}

std::string dialects_sentence() {
    std::string out = "For whom it is meant, or who sent it:";
    for (auto const name : lint::dialect_names()) out += " " + std::string{name};
    return out + ".";
}

}  // namespace

/// Exit status 0 without errors (warnings and notes are none), 1 with errors, 2 when there is
/// nothing that can be looked at.
int command_lint(Arguments arguments) {
    CLI::App app{
        "Looks at a request, response, discovery document, feedback or JWT and prints each "
        "violation with its place, requirement (docs/conformance.md), weight and fix.",
        "countersign lint"};
    std::string place, as = "default", kind, request;
    LintChoice choice;
    app.add_option("message", place,
                   "File, folder, - for standard input, or http URL on this machine.")
        ->required();
    app.add_option("--as", as, dialects_sentence())
        ->check(CLI::IsMember(
            std::vector<std::string>{lint::dialect_names().begin(), lint::dialect_names().end()}));
    app.add_option("--kind", kind, "What it is, where that cannot be told from it.")
        ->check(CLI::IsMember({"request", "response", "discovery", "feedback", "jwt"}));
    app.add_option("--request", request,
                   "File with the call that a response answers; it is sent to the URL.");
    app.add_flag("--json", choice.as_json, "Print one JSON object a message, each on a line.");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure) == 0 ? clean : unreadable;
    }
    choice.as = *lint::dialect_named(as);
    if (!kind.empty()) choice.kind = lint::kind_named(kind);
    if (!request.empty()) {
        auto text = read_input(request);
        if (!text) return unread({base::ErrorCode::not_found, request, "The file cannot be read."});
        choice.request = *std::move(text);
    }
    return run(place, choice);
}

}  // namespace cds::server
