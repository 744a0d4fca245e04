#include <algorithm>
#include <array>

#include "rules/evaluate.hpp"

// Catalogue 3.9 "De-dup" and the Int lines of the entries: which card makes which other one
// superfluous.

namespace cds::rules {

namespace {

constexpr std::array pair_cards{
    std::string_view{"uc-ifx-csa-concurrent"},
    std::string_view{"ifx-csa-sequential-salvage-28d"},
    std::string_view{"ifx-csa-sequential-3mo"},
    std::string_view{"ifx-csa-concurrent-avoid"},
    std::string_view{"ra-ifx-csa-mtx-contraindicated"},
    std::string_view{"ra-ifx-csa-mtx-preferred"},
    std::string_view{"behcet-ifx-csa-concurrent"},
    std::string_view{"csa-derm-immunosuppressant-contraindicated"},
    std::string_view{"psoriasis-etanercept-csa"},
};

struct Over {
    std::string_view higher, lower;
};
/// A card and the card whose facts it already carries.
constexpr std::array overlaps{
    Over{"csa-dose-implausible", "csa-ad-dose-above-range"},
    Over{"csa-dose-implausible", "csa-peds-dose-range"},
    Over{"csa-dose-implausible", "csa-label-dose-max"},
    Over{"csa-dose-implausible", "ra-ifx-csa-dose-above-low-dose"},
    Over{"csa-dose-implausible", "csa-ad-absolute-dose-atypical"},
    Over{"csa-ad-dose-above-range", "csa-ad-absolute-dose-atypical"},
    Over{"csa-ad-dose-below-range", "csa-ad-absolute-dose-atypical"},
    Over{"csa-label-dose-max", "csa-ad-absolute-dose-atypical"},
    Over{"csa-label-dose-max", "csa-ad-dose-above-range"},
    Over{"csa-label-dose-max", "csa-peds-dose-range"},
    Over{"csa-creatinine-persistent-stop", "csa-level-not-routine"},
    Over{"csa-creatinine-rise", "csa-level-not-routine"},
    Over{"csa-formulation-switch", "csa-level-not-routine"},
    Over{"ra-ifx-csa-dose-above-low-dose", "csa-label-dose-max"},
    Over{"csa-duration-max-1y", "csa-course-length-review"},
    Over{"csa-creatinine-persistent-stop", "csa-creatinine-rise"},
    Over{"csa-bp-persistent-stop", "csa-bp-elevated-on-therapy"},
    Over{"aza-post-withdrawal-immunogenicity", "ifx-loss-of-response-tdm"},
    Over{"oma-dose-exceeds-max", "oma-asthma-dose-mismatch"},
};

class Suppressor {
public:
    Suppressor(Knowledge const& knowledge, std::vector<Finding>& findings,
               std::vector<Finding>& withheld)
        : knowledge_{knowledge}, findings_{findings}, withheld_{withheld} {}

    Finding* find(std::string_view id) { return find(id, findings_); }
    Finding* find(std::string_view id, std::vector<Finding>& among) {
        for (auto& finding : among) {
            if (knowledge_.rules()[finding.rule].id == id) return &finding;
        }
        return nullptr;
    }
    void silence(std::string_view lower, std::string_view higher) {
        auto* finding = find(lower);
        if (!finding) finding = find(lower, withheld_);
        if (finding && finding->suppressed_by.empty()) finding->suppressed_by = higher;
    }
    void by_pair_cards() {
        for (auto const id : pair_cards) {
            auto const* card = find(id);
            if (!card || !card->suppressed_by.empty()) continue;
            if (card->indicator >= Indicator::warning)
                silence("multi-immunosuppressant-burden", id);
            if (card->indicator == Indicator::critical) {
                if (id != "ifx-csa-concurrent-avoid") silence("ifx-csa-concurrent-avoid", id);
                silence("ifx-csa-level-check", id);
            }
        }
    }
    void by_overlap() {
        for (auto const& over : overlaps) {
            auto const* card = find(over.higher);
            if (card && card->suppressed_by.empty()) silence(over.lower, over.higher);
        }
    }

private:
    Knowledge const& knowledge_;
    std::vector<Finding>& findings_;
    std::vector<Finding>& withheld_;
};

}  // namespace

void suppress(Knowledge const& knowledge, std::vector<Finding>& findings,
              std::vector<Finding>& withheld) {
    Suppressor suppressor{knowledge, findings, withheld};
    suppressor.by_pair_cards();
    suppressor.by_overlap();
}

}  // namespace cds::rules
