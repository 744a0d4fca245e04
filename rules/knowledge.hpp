#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.hpp"
#include "base/pack.hpp"
#include "base/rational.hpp"
#include "base/result.hpp"
#include "fhir/terminology.hpp"
#include "rules/audience.hpp"
#include "rules/finding.hpp"
#include "rules/policy.hpp"
#include "rules/template.hpp"

namespace cds::rules {

/// A number that a rule compares with, with its unit and where it comes from.
struct Threshold {
    std::string name;
    base::Rational value;
    std::string unit;    ///< UCUM; "1" for a count
    std::string source;  ///< "S4 L91", "E18", "catalogue"
};

enum class Kind : std::uint8_t { combination, monitoring, service };
enum class Tier : std::uint8_t { core, label, off };

/// What cards say for one rule, in one language, as parsed templates.
struct Wording {
    std::map<std::string, Template, std::less<>>
        summaries;  ///< by variant; "" is the only or default one
    std::vector<Template> found, why, consider,
        limits;  ///< lines of the detail; an empty rendering is left out
    struct Text {
        Template label;
        Template description;
    };
    std::map<std::string, Text, std::less<>>
        suggestions;  ///< by suggestion key, and task texts by task key
};

/// What a site's policy makes of one rule. Texts of the policy are inert Markdown here.
struct LocalRule {
    bool shadow = false;
    std::vector<PolicyEntry::Specialty> quiet_specialties;
    std::vector<std::string> quiet_clients;
    std::optional<Indicator> indicator;          ///< none: see `step`
    int step = 0;                                ///< -1, 0 or 1
    std::string guideline_label, guideline_url;  ///< plain; empty: none
    std::string contact, sentence;               ///< empty: none
};

/// Everything about a rule that is not logic.
struct RuleInfo {
    std::string id;
    Kind kind = Kind::combination;
    Tier tier = Tier::core;
    std::vector<Indicator> indicators;
    std::string title;                   ///< topic display
    std::string catalogue;               ///< seed lines
    std::vector<std::string> evidence;   ///< ids of evidence.json
    std::vector<std::string> overrides;  ///< codes of override-reasons.json
    std::vector<std::string>
        facts;  ///< names its findings may carry; a template that names another fails the load
    std::vector<Threshold> thresholds;
    std::map<std::string, std::string> attributes;        ///< the 13 source attributes
    std::map<std::string, Wording, std::less<>> wording;  ///< by language
    /// What its cards carry whoever the patient is, as JSON.
    struct CardText {
        std::string source;            ///< the member, a comma in front
        std::string override_reasons;  ///< the usual ones, `{…},{…}`; empty: none
        std::string links;      ///< to evidence that was looked at, `{…},{…}`; empty: none
        std::string citations;  ///< list items, as the inside of a string
    };
    CardText card;
    bool enabled = true;                     ///< false: tier off, or switched off by the policy
    std::shared_ptr<LocalRule const> local;  ///< null: as the knowledge has it

    /// Whether the rule's card is shown to them: it is not off, not in the shadow, not quiet.
    bool shown_to(Audience const& audience) const;
    /// The weight that a card has here when the rule gives it `indicator`.
    Indicator weighed(Indicator indicator) const;

    /// Threshold by name; asks for one that does not exist: an assertion, since the load checks the
    /// names.
    base::Rational const& threshold(std::string_view name) const;
    int days(std::string_view name) const;
};

struct EvidenceItem {
    std::string id, citation, doi, pmid, url, shows, limits;
    bool linkable = false;  ///< looked at; others are never shipped as a link
    std::string label;      ///< link text
};

struct OverrideReason {
    std::string code, system, display;
    std::string json;  ///< the three as an object
};

/// What all cards say in one language, as the inside of JSON strings.
struct CommonText {
    std::string language;
    /// Headings of the detail, each with an empty line before and behind it.
    std::string found, why, consider, local, limits, sources, not_checked;
    std::string footer;  ///< which knowledge the card rests on
    /// What stands for the empty line before a heading, which the first heading goes without.
    static constexpr std::string_view line_end = "\\n";
};

/// The member `source` of the cards of one rule, with a comma in front.
std::string source_member(std::string_view rule_id, std::string_view title);

/// What no rule looks at, so that silence is not read as clearance.
struct NotCovered {
    std::string with;  ///< a drug or class: "ciclosporin"
    std::string what;  ///< "statins"
    std::vector<std::string> examples;
    std::string why;  ///< why there is no rule
};

/// The versioned knowledge of one moment: immutable, shared by all requests, replaced as a whole on
/// reload.
class Knowledge {
public:
    /// Loads and checks a pack: schema, references between files, templates against facts.
    static base::Result<std::shared_ptr<Knowledge const>> load(base::Pack const& pack);
    /// `plain` with a site's policy laid over it, as `on` gives it out day by day. `pack` is what
    /// `plain` was loaded from, and `policy` was read for `plain`. Fails when a text does not hold
    /// a changed threshold.
    static base::Result<std::shared_ptr<Knowledge const>> with_policy(Knowledge const& plain,
                                                                      base::Pack const& pack,
                                                                      Policy policy);

    /// What holds on `today`: entries of the policy whose day has passed have no effect. Lives as
    /// long as this knowledge; without a policy it is this knowledge.
    Knowledge const& on(base::Day today) const noexcept;
    /// Null when the site has none.
    Policy const* policy() const noexcept { return policy_.get(); }

    fhir::Terminology const& terminology() const noexcept { return *terminology_; }
    /// In catalogue order; index = Finding::rule.
    std::span<RuleInfo const> rules() const noexcept { return rules_; }
    RuleInfo const* find(std::string_view rule_id) const noexcept;
    /// Index in `rules()` of the rule that stands at `place` of `rule_list()`: a site's folder may
    /// have an order of its own.
    std::uint16_t index_of_place(std::size_t place) const noexcept { return places_[place]; }
    EvidenceItem const* evidence(std::string_view id) const noexcept;
    OverrideReason const* override_reason(std::string_view code) const noexcept;
    std::span<NotCovered const> not_covered() const noexcept { return not_covered_; }
    /// The same in one or two sentences.
    std::string_view not_covered_summary() const noexcept { return not_covered_summary_; }
    std::string_view title() const noexcept { return title_; }
    std::string_view version() const noexcept { return version_; }
    /// The day by which somebody is to have read it again.
    base::Day review_by() const noexcept { return review_by_; }
    std::string_view digest() const noexcept { return digest_; }
    /// One entry of orders.json: a test, a referral or a prescription.
    struct OrderText {
        std::string key, display;
        std::string type;      ///< resourceType
        std::string priority;  ///< "routine"; empty when the entry gives none
        /// The rest of the resource as JSON members, `"code":{…},"category":[…]`.
        std::string members;
        /// How the resource of a new order begins, as JSON up to and with `members`, without the
        /// members of the call: at the order's own priority, and urgent.
        std::string head, urgent_head;
        /// The order as a resource that names no patient, for asking what it would lead to.
        struct Parsed {
            std::string text;
            base::json::Document document;  ///< of `text`
        };
        std::shared_ptr<Parsed const> parsed;
        /// What ordering it is called in a language, for want of other words.
        struct Words {
            std::string test, refer, refer_urgent, prescribe;
        };
        std::vector<Words> words;  ///< by `language_index`
    };
    OrderText const* order(std::string_view key) const noexcept;
    /// Words used by all cards (section headings, the not-checked card's reasons), by key, for a
    /// language.
    std::string_view phrase(std::string_view language, std::string_view key) const noexcept;
    /// Place of a language's texts in lists by language; British English's when it has none.
    std::size_t language_index(std::string_view language) const noexcept;
    CommonText const& common_text(std::size_t language) const noexcept { return common_[language]; }

private:
    friend class KnowledgeLoader;
    /// What holds up to and including a day.
    struct Phase {
        base::Day until{};
        std::shared_ptr<Knowledge const> knowledge;
    };
    std::shared_ptr<fhir::Terminology const> terminology_;
    std::shared_ptr<Policy const> policy_;
    std::vector<Phase> phases_;  ///< by day
    std::vector<RuleInfo> rules_;
    std::vector<std::uint16_t> places_;
    /// Text that can be looked up without a copy of the key.
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    template <class Value>
    using ByName = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
    std::map<std::string, ByName<std::string>, std::less<>> phrases_;
    std::vector<CommonText> common_;  ///< British English first
    ByName<EvidenceItem> evidence_;
    ByName<OverrideReason> overrides_;
    ByName<OrderText> orders_;
    std::vector<NotCovered> not_covered_;
    std::string title_, version_, digest_, not_covered_summary_;
    base::Day review_by_{};
};

/// The knowledge that is built into this program.
base::Pack embedded_pack();

}  // namespace cds::rules
