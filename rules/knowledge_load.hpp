#pragma once
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/pack.hpp"
#include "rules/knowledge.hpp"

namespace cds::rules {

/// Where in the pack something stands: "rules/csa-thiazide.json#/thresholds/0/source". Written out
/// only for an error.
class Place {
public:
    explicit Place(std::string_view file) : name_{file} {}
    /// Lives no longer than this place: a chain is built on the stack while walking down.
    Place at(std::string_view member) const { return {this, member, 0}; }
    Place at(std::size_t index) const { return {this, {}, index}; }
    std::string text() const;

private:
    Place(Place const* outer, std::string_view name, std::size_t index)
        : outer_{outer}, name_{name}, index_{index} {}
    Place const* outer_ = nullptr;
    std::string_view name_;
    std::size_t index_ = 0;
};

/// Spellings of a language that is derived from another: words replaced whole, a capital first
/// letter kept.
using Words = std::map<std::string, std::string, std::less<>>;

/// Replaces whole words outside `{{…}}`, whose names are the same in every language.
std::string respelled(std::string_view text, Words const& words);

/// Reads a pack into a Knowledge. The first fault found is kept and the reading goes on harmlessly
/// to its end.
class KnowledgeLoader {
public:
    explicit KnowledgeLoader(base::Pack const& pack) : pack_{pack} {}
    base::Result<std::shared_ptr<Knowledge const>> load();
    /// A copy of `plain`, which was loaded from this pack, with other thresholds in numbers and
    /// texts.
    base::Result<std::shared_ptr<Knowledge>> revise(Knowledge const& plain,
                                                    std::vector<PolicyEntry const*> thresholds);

private:
    using Value = base::json::Value;
    using Names = std::initializer_list<std::string_view>;

    // knowledge_load.cpp: the pack's own data and the lists that rules refer to
    void read_manifest();
    void read_evidence();
    void read_not_covered();
    void read_override_reasons();
    void read_phrases();
    void phrases_of(Value values, Place const& place, Words const* words,
                    std::string const& language);

    // knowledge_load_orders.cpp
    void read_orders();
    void check_order(Value resource, Place const& place);
    void check_medication(Value resource, Place const& place);

    // knowledge_load_rules.cpp
    void read_rules();
    void read_rule(base::Pack::File const& file);
    void read_thresholds(Value values, Place const& place, RuleInfo& rule);
    void read_attributes(Value values, Place const& place, RuleInfo& rule);
    void check_references(Place const& place, RuleInfo const& rule);
    void put_in_order();

    // knowledge_load_wording.cpp
    void read_languages();
    void read_translations(RuleInfo& rule);
    Wording wording(Value value, Place const& place, RuleInfo const& rule, Words const* words);
    Template text_template(Value value, Place const& place, RuleInfo const& rule,
                           Words const* words);
    void check_summary(Template const& summary, Place const& place, RuleInfo const& rule);
    void check_same_keys(Wording const& original, Wording const& translated, Place const& place);

    // knowledge_load_cards.cpp: what does not depend on the patient, as the cards will carry it
    void put_into_words(RuleInfo& rule) const;
    void put_common_texts_into_words();
    void put_orders_into_words();
    std::string_view phrase(std::string_view language, std::string_view key) const;

    // knowledge_load_read.cpp: one value at a time
    void fail(Place const& place, std::string what);
    Value parse(base::Pack::File const& file);
    Value root_of(std::string_view name);
    /// Checks that `value` is an object with no member but these.
    void members(Value value, Place const& place, Names known);
    std::string text(Value object, std::string_view name, Place const& place);
    std::string optional_text(Value object, std::string_view name, Place const& place);
    std::vector<std::string> texts(Value object, std::string_view name, Place const& place);
    /// The array `name` of an object; a fault when it is none.
    Value list(Value object, std::string_view name, Place const& place);

    base::Pack const& pack_;
    base::json::Document document_;
    std::unique_ptr<Knowledge> made_;
    std::optional<base::Error> error_;
    std::vector<PolicyEntry const*> revisions_;  ///< thresholds that a site has changed

    std::vector<std::string> order_;               ///< rule ids of knowledge.json
    std::map<std::string, std::string> defaults_;  ///< source attributes that most rules share
    std::map<std::string, Words> derived_;         ///< language derived from en-GB: its spellings
    std::vector<std::string> languages_;           ///< every language but en-GB
};

/// The language that rule files are written in.
inline constexpr std::string_view first_language = "en-GB";

}  // namespace cds::rules
