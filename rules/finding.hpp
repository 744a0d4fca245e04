#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/rational.hpp"

namespace cds::fhir {
struct MedicationRow;
struct ServiceRow;
}  // namespace cds::fhir

namespace cds::rules {

enum class Indicator : std::uint8_t { info, warning, critical };
std::string_view name(Indicator);

/// Named texts, flags and lists that a rule's wording may use (mustache names). All text lives in
/// the request's arena.
class Facts {
public:
    explicit Facts(std::pmr::memory_resource* arena) : entries_{arena} {}

    /// Our own words or formatted values: goes into Markdown as it stands.
    void text(std::string_view name, std::string_view value);
    /// Words that came from the chart: made inert where they are shown.
    void chart_text(std::string_view name, std::string_view value);
    void flag(std::string_view name, bool value = true);
    /// Appends an item to the list `name` and returns it, to be filled.
    Facts& item(std::string_view name);

    enum class Type : std::uint8_t { text, chart_text, flag, list };
    struct Entry {
        std::string_view name;
        std::string_view text;
        std::pmr::vector<Facts>* list = nullptr;
        std::uint32_t mark = 0;  ///< of the name: others are told apart without reading them
        Type type = Type::text;
        bool flag = false;
    };
    Entry const* find(std::string_view name) const noexcept;
    std::pmr::vector<Entry> const& entries() const noexcept { return entries_; }

private:
    std::pmr::vector<Entry> entries_;
};

/// Where a fact came from: shown by `explain`, and the reason that a card can be believed.
struct Evidence {
    std::string_view resource_type;
    std::string_view resource_id;  ///< empty when the resource has none
    std::string_view element;      ///< FHIR path below the resource, "valueQuantity"
    std::string_view value;        ///< as reported, with its unit
    std::string_view date;         ///< as reported
};

/// One change to the drafts or the chart that the EHR can apply.
struct Action {
    enum class Type : std::uint8_t {
        remove_draft,  ///< DEL(x)
        update_dose,   ///< UPD(x): new dose, frequency or end of a drafted order
        order_test,    ///< LAB(z): a ServiceRequest for `key` of orders.json
        refer,         ///< REF(s): a referral for `key` of orders.json
        prescribe,     ///< RX(d): a MedicationRequest from `key` of orders.json
        task,          ///< TASK(t): text `key` of the rule's wording
    };
    Type type = Type::task;
    std::string_view key;
    fhir::MedicationRow const* medication = nullptr;  ///< remove_draft, update_dose
    fhir::ServiceRow const* service = nullptr;        ///< remove_draft of a drafted ServiceRequest
    // update_dose: what changes; absent parts stay as they are
    std::optional<base::Rational> dose_mg;  ///< per administration
    std::optional<int> times_per_day;
    std::optional<int> every_days;
    std::vector<base::Day> events;  ///< dates of the doses (induction schedule)
    std::optional<base::Day> period_end;
    std::optional<base::Day> occurrence;  ///< order_test: when it is to be done
    bool urgent = false;
    Facts* facts = nullptr;  ///< further names for this action's text; may be null
};

struct Suggestion {
    std::string_view key;  ///< label template in the rule's wording
    bool recommended = false;
    std::vector<Action> actions;
    /// Filled by the gate (cards/gate.cpp): why it was left out, as a key of the wording; empty
    /// when offered.
    std::string_view left_out;
};

enum class Selection : std::uint8_t { any, at_most_one };

/// A rule's "yes": what was found, and what can be done about it.
struct Finding {
    explicit Finding(std::pmr::memory_resource* arena) : facts{arena}, evidence{arena} {}
    std::uint16_t rule = 0;  ///< index in the rule list
    Indicator indicator = Indicator::info;
    std::string_view variant;  ///< which of the rule's summaries; empty for its only one
    Facts facts;
    std::pmr::vector<Evidence> evidence;
    std::vector<fhir::MedicationRow const*> medications;  ///< the drafts that the card is about
    std::vector<fhir::ServiceRow const*> services;
    std::vector<Suggestion> suggestions;
    Selection selection = Selection::any;
    std::vector<std::string_view> overrides;  ///< replaces the rule's list when not empty
    std::string_view suppressed_by;  ///< id of the rule whose card already says this; empty: shown
};

}  // namespace cds::rules
