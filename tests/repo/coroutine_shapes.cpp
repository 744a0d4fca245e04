#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

#include "tests/repo/tidy_checks.hpp"

namespace cds::repo {
namespace {

constexpr std::string_view braced =
    "co_await with a braced argument: name the value first, then std::move it in";
constexpr std::string_view chosen = "co_await with `?:` in an argument: name the value first";
constexpr std::string_view captured =
    "co_await with a capturing lambda in an argument: make it a free coroutine that takes values, "
    "or name the "
    "lambda and std::move it in";
constexpr std::string_view arm = "co_await in an arm of `?:`: write if and else";
constexpr std::string_view initializer =
    "co_await inside a braced initializer: one co_await a statement, then build";

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view trimmed_end(std::string_view text) {
    while (!text.empty() && space(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view last_word(std::string_view text) {
    auto start = text.size();
    while (start > 0 && word_character(text[start - 1])) --start;
    return text.substr(start);
}

/// Offset behind the bracket that closes the one at `open`; the end of the text when it is never
/// closed.
std::size_t behind_match(std::string_view text, std::size_t open) {
    int depth = 0;
    for (auto at = open; at < text.size(); ++at) {
        if (text[at] == '(' || text[at] == '[' || text[at] == '{') ++depth;
        if ((text[at] == ')' || text[at] == ']' || text[at] == '}') && --depth == 0) return at + 1;
    }
    return text.size();
}

/// Whether the `[` at `at` opens a lambda rather than an index.
bool opens_lambda(std::string_view text, std::size_t at) {
    auto const before = trimmed_end(text.substr(0, at));
    return !before.empty() &&
           (before.back() == '(' || before.back() == ',' || before.back() == '=');
}

/// What is wrong with the arguments of the awaited call that starts at the front of `text`.
std::optional<std::string_view> fault_in_arguments(std::string_view text) {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char const c = text[at];
        if (depth == 0 && (c == ';' || c == ',' || c == '?' || c == '{')) return std::nullopt;
        if (c == '(') ++depth;
        if (c == ')' && --depth < 0) return std::nullopt;
        if (depth == 0) continue;
        if (c == '[' && opens_lambda(text, at)) {
            if (text.substr(at, 2) != "[]") return captured;
            // Without captures a lambda is as good as a function: its body is looked at by itself.
            auto const body = text.find('{', at);
            if (body == text.npos) return std::nullopt;
            at = behind_match(text, body) - 1;
        } else if (c == '?') {
            return chosen;
        } else if (c == '{') {
            return braced;
        }
    }
    return std::nullopt;
}

/// Whether the `{` behind `before` opens a block of statements rather than an initializer.
bool opens_block(std::string_view before) {
    static constexpr std::array keywords{"else",     "do",       "try",   "const",
                                         "noexcept", "override", "final", "mutable"};
    before = trimmed_end(before);
    if (before.empty()) return true;
    char const last = before.back();
    if (std::string_view{")];{}:"}.find(last) != std::string_view::npos) return true;
    if (!word_character(last) && last != '>') return false;
    if (std::ranges::find(keywords, last_word(before)) != keywords.end()) return true;
    // A return type behind the parameters: `[]() -> awaitable<void> {`.
    auto const arrow = before.rfind("->");
    auto const statement = before.find_last_of(";{}");
    return arrow != before.npos && (statement == before.npos || arrow > statement) &&
           trimmed_end(before.substr(0, arrow)).ends_with(')');
}

/// What is wrong with the statement up to the `co_await` at the end of `before`.
std::optional<std::string_view> fault_around(std::string_view before) {
    int depth = 0;
    for (auto at = before.size(); at-- > 0;) {
        char const c = before[at];
        if (c == ')' || c == ']') ++depth;
        if ((c == '(' || c == '[') && depth > 0) --depth;
        if (depth > 0) continue;
        if (c == ';' || c == '}') return std::nullopt;
        if (c == '?') return arm;
        if (c == '{') {
            if (opens_block(before.substr(0, at))) return std::nullopt;
            return initializer;
        }
    }
    return std::nullopt;
}

}  // namespace

void coroutine_shapes(SourceFile const& file, std::vector<Complaint>& complaints) {
    if (!file.is_cpp()) return;
    static constexpr std::string_view keyword = "co_await";
    std::string_view const code = file.code;
    for (auto at = code.find(keyword); at != code.npos; at = code.find(keyword, at + 1)) {
        auto const line = file.line_of(at);
        for (auto const fault : {fault_in_arguments(code.substr(at + keyword.size())),
                                 fault_around(code.substr(0, at))}) {
            if (fault)
                complaints.push_back(
                    {file.path, line, std::string{*fault} + " (GCC 12 miscompiles it)"});
        }
    }
}

}  // namespace cds::repo
