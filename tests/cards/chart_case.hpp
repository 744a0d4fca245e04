#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>

#include "cards/call.hpp"
#include "cards/write.hpp"
#include "rules/evaluate.hpp"

namespace cds::cards {

/// The built-in knowledge, loaded once for the test program.
inline rules::Knowledge const& knowledge() {
    static auto const loaded = rules::Knowledge::load(rules::embedded_pack());
    return **loaded;
}

/// "2026-06-01T09:00:00Z".
inline base::Instant instant(std::string_view text) {
    return base::parse_date(text, base::Zone{}).instant;
}

/// A chart from JSON texts: the drafts (a list of resources) and the prefetch (an object). It keeps
/// all that the chart looks into. The patient is "p1", the clock stands at 2026-06-01T09:00:00Z.
class ChartCase {
public:
    explicit ChartCase(std::string drafts, std::string prefetch = "{}")
        : drafts_text_{std::move(drafts)}, prefetch_text_{std::move(prefetch)} {
        auto const drafts_json = drafts_.parse(drafts_text_);
        auto const prefetch_json = prefetch_.parse(prefetch_text_);
        EXPECT_TRUE(drafts_json) << drafts_text_;
        EXPECT_TRUE(prefetch_json) << prefetch_text_;
        fhir::ReadContext context;
        context.terminology = &knowledge().terminology();
        context.zone = &zone_;
        context.now = instant("2026-06-01T09:00:00Z");
        context.today = zone_.day_of(context.now);
        context.patient_id = "p1";
        context.arena = &arena_;
        record_ = std::make_unique<fhir::PatientRecord>(
            *fhir::read_record(context, {*drafts_json, *prefetch_json}));
        std::vector<fhir::MedicationRow const*> rows;
        for (auto const& row : record_->drafts) rows.push_back(&row);
        std::vector<fhir::ServiceRow const*> services;
        for (auto const& row : record_->service_drafts) services.push_back(&row);
        chart_ = std::make_unique<fhir::Chart>(*record_, std::move(rows), std::move(services));
        call.hook_instance = "11111111-2222-3333-4444-555555555555";
        call.patient_id = "p1";
        call.encounter_id = "e1";
        call.requester = "Practitioner/d1";
        call.language = "en-GB";
    }

    Context context() { return {knowledge(), call, *chart_, &arena_, scratch_}; }
    fhir::MedicationRow const& draft(std::size_t i = 0) const { return record_->drafts.at(i); }
    fhir::Chart const& chart() const { return *chart_; }
    std::pmr::memory_resource* arena() { return &arena_; }
    rules::Evaluation evaluate() {
        return rules::evaluate(knowledge(), *chart_, call.region, &arena_);
    }
    rules::Finding finding(std::string_view rule, rules::Indicator indicator) {
        rules::Finding made{&arena_};
        made.rule = static_cast<std::uint16_t>(knowledge().find(rule) - knowledge().rules().data());
        made.indicator = indicator;
        return made;
    }

    Call call;

private:
    base::Zone zone_;
    std::string drafts_text_, prefetch_text_;
    base::json::Document drafts_, prefetch_;
    std::pmr::monotonic_buffer_resource arena_;
    Scratch scratch_;
    std::unique_ptr<fhir::PatientRecord> record_;
    std::unique_ptr<fhir::Chart> chart_;
};

/// A parsed answer, or part of one, with its text.
class Parsed {
public:
    explicit Parsed(std::string text) : text_{std::move(text)} {
        auto const root = document_.parse(text_);
        EXPECT_TRUE(root) << text_;
        if (root) root_ = *root;
    }
    base::json::Value operator*() const { return root_; }
    base::json::Value operator[](std::string_view name) const { return root_[name]; }
    std::string const& text() const { return text_; }

private:
    std::string text_;
    base::json::Document document_;
    base::json::Value root_;
};

/// Complaints about members that say nothing: null, "", [] and {} (CDS Hooks allows an empty
/// `cards` only).
inline void find_empty(base::json::Value value, std::string const& place,
                       std::vector<std::string>& found) {
    using base::json::Kind;
    bool const is_empty = value.is_null() || (value.is_string() && value.string().empty()) ||
                          ((value.is_array() || value.is_object()) && value.size() == 0);
    if (is_empty && place != "/cards") found.push_back(place);
    if (!value.is_array() && !value.is_object()) return;
    std::size_t index = 0;
    for (auto const child : value)
        find_empty(
            child,
            place + "/" + (value.is_object() ? std::string{child.key()} : std::to_string(index++)),
            found);
}

inline std::vector<std::string> empty_members(base::json::Value value) {
    std::vector<std::string> found;
    find_empty(value, "", found);
    return found;
}

}  // namespace cds::cards
