#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "fhir/terminology_tables.hpp"

namespace cds::fhir {
namespace {

/// Patterns and folded texts are matched byte by byte: the patterns are ASCII, so accents that
/// folding left alone can only be letters of no pattern, and the automaton stays small.
RE2::Options options() {
    RE2::Options chosen{RE2::Latin1};
    chosen.set_log_errors(false);
    chosen.set_max_mem(std::int64_t{32} << 20);
    return chosen;
}

// Reused from call to call, so that matching allocates only until the vector has its size.
thread_local std::vector<int> found;

}  // namespace

struct TextMatcher::Compiled {
    RE2::Set set{options(), RE2::UNANCHORED};
    std::vector<std::string>
        patterns;  ///< for the case that the automaton of all together outgrows its memory
};

TextMatcher::TextMatcher() : compiled_{std::make_unique<Compiled>()} {}
TextMatcher::~TextMatcher() = default;
TextMatcher::TextMatcher(TextMatcher&&) noexcept = default;
TextMatcher& TextMatcher::operator=(TextMatcher&&) noexcept = default;

base::Result<int> TextMatcher::enter(std::string_view pattern, Rule rule) {
    std::string fault;
    auto const index = compiled_->set.Add({pattern.data(), pattern.size()}, &fault);
    if (index < 0) return base::Error{base::ErrorCode::invalid, "", "broken pattern: " + fault};
    compiled_->patterns.emplace_back(pattern);
    rules_.push_back(rule);
    return index;
}

base::Result<void> TextMatcher::add(std::string_view pattern, std::string_view unless,
                                    std::size_t target, bool always) {
    Rule rule{target, -1, always};
    if (!unless.empty()) {
        auto const [known, is_new] = exceptions_.try_emplace(std::string{unless}, -1);
        if (is_new) {
            auto index = enter(unless, {});
            if (!index) return index.error();
            known->second = *index;
        }
        rule.unless = known->second;
    }
    auto const index = enter(pattern, rule);
    if (!index) return index.error();
    return {};
}

base::Result<void> TextMatcher::exclude(std::string_view pattern) {
    auto const index = enter(pattern, {});
    if (!index) return index.error();
    exclusion_ = *index;
    return {};
}

base::Result<void> TextMatcher::compile() {
    if (!rules_.empty() && !compiled_->set.Compile()) {
        return base::Error{base::ErrorCode::invalid, "", "the patterns together are too large"};
    }
    exceptions_.clear();
    return {};
}

bool TextMatcher::prevented(int unless) noexcept {
    return unless >= 0 && std::find(found.begin(), found.end(), unless) != found.end();
}

std::span<int const> TextMatcher::hits(std::string_view folded) const {
    found.clear();
    if (folded.empty() || rules_.empty()) return {};
    RE2::Set::ErrorInfo fault{};
    re2::StringPiece const text{folded.data(), folded.size()};
    if (!compiled_->set.Match(text, &found, &fault)) {
        found.clear();
        if (fault.kind != RE2::Set::kOutOfMemory) return {};
        for (std::size_t i = 0; i < compiled_->patterns.size(); ++i) {
            if (RE2::PartialMatch(text, RE2{compiled_->patterns[i], options()}))
                found.push_back(static_cast<int>(i));
        }
    }
    if (exclusion_ >= 0 && prevented(exclusion_)) return {};
    return found;
}

}  // namespace cds::fhir
