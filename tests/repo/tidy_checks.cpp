#include "tests/repo/tidy_checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace cds::repo {
namespace {

using Complaints = std::vector<Complaint>;
using Names = std::set<std::string_view>;

constexpr std::size_t max_columns = 110;
constexpr std::size_t max_lines = 400;

bool word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Calls `found(offset)` for each place where `word` stands by itself.
template <class Found>
void each_word(std::string_view text, std::string_view word, Found found) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        auto const end = at + word.size();
        bool const starts =
            at == 0 || !word_character(word.front()) || !word_character(text[at - 1]);
        bool const ends =
            end >= text.size() || !word_character(word.back()) || !word_character(text[end]);
        if (starts && ends) found(at);
    }
}

template <class Found>
void each_line(std::string_view text, Found found) {
    for (std::size_t start = 0, number = 1; start < text.size(); ++number) {
        auto const end = std::min(text.find('\n', start), text.size());
        found(text.substr(start, end - start), start, number);
        start = end + 1;
    }
}

/// Calls `found(what, quoted, line)` for each include; `what` is the path between the quotes or
/// brackets.
template <class Found>
void each_include(SourceFile const& file, Found found) {
    if (!file.is_cpp()) return;
    static std::regex const directive{R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"};
    each_line(file.text, [&](std::string_view line, std::size_t start, std::size_t number) {
        auto const hash = line.find('#');
        if (hash == line.npos || file.code[start + hash] != '#') return;
        std::match_results<std::string_view::const_iterator> parts;
        if (std::regex_search(line.begin(), line.end(), parts, directive)) {
            found(parts[2].str(), parts[1].str() == "\"", number);
        }
    });
}

void include_direction(SourceFile const& file, Complaints& complaints) {
    static std::map<std::string_view, Names> const may_use{
        {"base", {"base"}},
        {"fhir", {"base", "fhir"}},
        {"rules", {"base", "fhir", "rules"}},
        {"cards", {"base", "fhir", "rules", "cards"}},
        {"hooks", {"base", "fhir", "rules", "cards", "hooks"}},
        {"auth", {"base", "auth"}},
        {"store", {"base", "store"}},
        {"web", {"web"}},
        {"server", {"base", "fhir", "rules", "cards", "hooks", "auth", "store", "web", "server"}},
    };
    auto const from = may_use.find(file.folder());
    each_include(file, [&](std::string const& what, bool quoted, std::size_t line) {
        auto const target = std::string_view{what}.substr(0, what.find('/'));
        if (quoted && (what.find('/') == what.npos || target.starts_with('.'))) {
            complaints.push_back({file.path, line,
                                  "include by a path from the root: #include \"folder/" +
                                      what.substr(what.rfind('/') + 1) + "\""});
        } else if (quoted && from != may_use.end() && !from->second.contains(target)) {
            complaints.push_back({file.path, line,
                                  "#include \"" + what +
                                      "\" points up or out of the layers; pass the value down " +
                                      "as an argument, or move the type to the lower folder"});
        }
    });
}

void network_headers(SourceFile const& file, Complaints& complaints) {
    static Names const allowed{"server", "store", "tests", "bench"};
    static constexpr std::array network{"boost/beast", "boost/asio",  "curl/",   "sys/socket.h",
                                        "netinet/",    "arpa/inet.h", "netdb.h", "openssl/ssl.h"};
    if (allowed.contains(file.folder())) return;
    each_include(file, [&](std::string const& what, bool, std::size_t line) {
        if (std::ranges::any_of(network,
                                [&](std::string_view name) { return what.starts_with(name); })) {
            complaints.push_back(
                {file.path, line,
                 "<" + what + "> belongs in server/; take bytes as a string_view"});
        }
    });
}

void clocks(SourceFile const& file, Complaints& complaints) {
    static Names const allowed{"server", "tests", "bench"};
    static constexpr std::array readers{
        "system_clock::now", "steady_clock::now", "high_resolution_clock::now",
        "gettimeofday",      "clock_gettime",     "timespec_get"};
    if (!file.is_cpp() || allowed.contains(file.folder())) return;
    auto const refuse = [&](std::size_t at) {
        complaints.push_back({file.path, file.line_of(at),
                              "a clock outside server/; take `base::Instant now` as an argument"});
    };
    for (std::string_view const reader : readers) each_word(file.code, reader, refuse);
    each_word(file.code, "time", [&](std::size_t at) {
        std::string_view const code = file.code;
        auto const before = code.substr(0, at);
        bool const is_call = code.substr(at + 4).starts_with('(');
        bool const is_member = before.ends_with('.') || before.ends_with("->");
        if (is_call && !is_member && (!before.ends_with("::") || before.ends_with("std::")))
            refuse(at);
    });
}

void lost_failures(SourceFile const& file, Complaints& complaints) {
    if (!file.is_cpp()) return;
    each_word(file.code, "detached", [&](std::size_t at) {
        complaints.push_back(
            {file.path, file.line_of(at),
             "`detached` loses the exception without a trace; spawn with a handler that logs it"});
    });
    each_word(file.code, ".detach(", [&](std::size_t at) {
        complaints.push_back(
            {file.path, file.line_of(at), "a detached thread outlives what it uses; join it"});
    });
}

void leftovers(SourceFile const& file, Complaints& complaints) {
    // Markdown may speak of the words; what is meant is a mark left in code.
    if (file.path.ends_with(".md") || file.folder() == "test-fixtures" ||
        file.path.starts_with("rules/knowledge/")) {
        return;
    }
    for (std::string_view const mark : {"TODO", "FIXME", "XXX", "HACK"}) {
        each_word(file.prose, mark, [&](std::size_t at) {
            complaints.push_back(
                {file.path, file.line_of(at), "a leftover mark; do it now, or file an issue"});
        });
    }
}

void file_names(SourceFile const& file, Complaints& complaints) {
    if (file.folder() == "test-fixtures") return;
    static std::regex const vague{
        R"((^|[/_.-])(util|utils|utility|common|helper|helpers|manager|misc)([/_.-]|$))"};
    if (std::regex_search(file.path, vague)) {
        complaints.push_back(
            {file.path, 1, "a name that says nothing; name the one noun that the file holds"});
    }
}

void sizes(SourceFile const& file, Complaints& complaints) {
    bool const is_build_text =
        file.path.ends_with(".cmake") || file.path.ends_with("CMakeLists.txt");
    if (!file.is_cpp() && !file.is_script() && !is_build_text) return;
    std::size_t lines = 0;
    each_line(file.text, [&](std::string_view line, std::size_t, std::size_t number) {
        lines = number;
        auto const columns = std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; });
        if (static_cast<std::size_t>(columns) > max_columns) {
            complaints.push_back({file.path, number,
                                  "a line of " + std::to_string(columns) +
                                      " columns; break it at 100 (clang-format, or by hand)"});
        }
        if (line.find('\t') != line.npos)
            complaints.push_back({file.path, number, "a tab; four spaces instead"});
    });
    if (lines > max_lines) {
        complaints.push_back(
            {file.path, lines, "over 400 lines; find the second noun inside and give it a file"});
    }
}

void example_addresses(SourceFile const& file, Complaints& complaints) {
    // server/ may show an operator what a setting looks like; no card is written there.
    // bench/ holds request bodies.
    static Names const allowed{"test-fixtures", "docs", "tests", "server", "bench"};
    if (allowed.contains(file.folder()) || file.path.ends_with(".md")) return;
    for (std::string_view const name : {"example.org", "example.com"}) {
        for (auto at = file.text.find(name); at != file.text.npos;
             at = file.text.find(name, at + 1)) {
            complaints.push_back({file.path, file.line_of(at),
                                  "an example address in the product; use a urn:countersign: URI"});
        }
    }
}

void spelling(SourceFile const& file, Complaints& complaints) {
    if (!file.is_cpp() || file.folder() == "tests") return;
    std::string lower = file.prose;
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (auto at = lower.find("cyclosporin"); at != lower.npos;
         at = lower.find("cyclosporin", at + 1)) {
        complaints.push_back(
            {file.path, file.line_of(at), "the drug is spelled ciclosporin in names and comments"});
    }
}

void machine_paths(SourceFile const& file, Complaints& complaints) {
    static std::regex const path{R"((^|[^A-Za-z0-9_.$}])/(work|root|home/[a-z]+)/)"};
    each_line(file.text, [&](std::string_view line, std::size_t, std::size_t number) {
        bool const candidate = std::ranges::any_of(
            std::array{"work/", "root/", "home/"},
            [&](std::string_view name) { return line.find(name) != line.npos; });
        if (candidate && std::regex_search(line.begin(), line.end(), path)) {
            complaints.push_back(
                {file.path, number, "a path of one machine; make it relative to the repository"});
        }
    });
}

constexpr std::array all_checks{
    Check{"include direction", include_direction},
    Check{"network headers", network_headers},
    Check{"clocks", clocks},
    Check{"detached", lost_failures},
    Check{"coroutine shapes", coroutine_shapes},
    Check{"leftovers", leftovers},
    Check{"file names", file_names},
    Check{"sizes", sizes},
    Check{"example addresses", example_addresses},
    Check{"spelling", spelling},
    Check{"machine paths", machine_paths},
};

}  // namespace

std::span<Check const> checks() { return all_checks; }

}  // namespace cds::repo
