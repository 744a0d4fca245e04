#include <gtest/gtest.h>

#include "fhir/clinical_state.hpp"
#include "tests/fhir/sample_record.hpp"

// Allergies, procedures and ordered services. Source: fact-encodings section 7.

namespace cds::fhir {
namespace {

std::unique_ptr<Sample> allergy(std::string const& members) {
    return SampleRequest{}
        .row("allergies", "{'resourceType':'AllergyIntolerance'," + members + "}")
        .load();
}

bool counts_as(Allergen allergen, std::string const& members) {
    return !active_allergies(*allergy(members)->record, set_of(allergen)).empty();
}

TEST(AllergyReading, AllergensByCodeAndText) {
    struct Row {
        Allergen allergen;
        std::string code;
    };
    auto const rx = [](char const* code) {
        return "'coding':[{'system':'http://www.nlm.nih.gov/research/umls/rxnorm','code':'" +
               std::string{code} + "'}]";
    };
    auto const sct = [](char const* code) {
        return "'coding':[{'system':'http://snomed.info/sct','code':'" + std::string{code} + "'}]";
    };
    for (auto const& row : {
             Row{Allergen::ciclosporin, rx("3008")},
             Row{Allergen::ciclosporin, sct("387467008")},
             Row{Allergen::ciclosporin, "'text':'cyclosporin'"},
             Row{Allergen::polyoxyl_castor_oil, "'text':'Cremophor EL'"},
             Row{Allergen::infliximab, rx("191831")},
             Row{Allergen::infliximab, "'text':'Remicade'"},
             Row{Allergen::methotrexate, rx("6851")},
             Row{Allergen::methotrexate, sct("387381009")},
             Row{Allergen::sulfonamide, rx("10180")},
             Row{Allergen::sulfonamide, "'text':'sulfa drugs'"},
             Row{Allergen::alpha_gal, sct("788778006")},
             Row{Allergen::red_meat, "'text':'beef'"},
             Row{Allergen::omalizumab, rx("302379")},
             Row{Allergen::murine_protein, "'text':'mouse proteins'"},
             Row{Allergen::azathioprine, rx("1256")},
             Row{Allergen::mercaptopurine, rx("103")},
         }) {
        EXPECT_TRUE(counts_as(row.allergen, "'code':{" + row.code + "}")) << row.code;
        EXPECT_TRUE(counts_as(row.allergen,
                              "'code':{'text':'drug allergy'},'reaction':["
                              "{'substance':{" +
                                  row.code + "}}]"))
            << row.code << " as the substance of a reaction";
    }
    for (auto const* other : {"penicillin", "latex", "peanut"}) {
        EXPECT_TRUE(allergy("'code':{'text':'" + std::string{other} + "'}")
                        ->record->allergies[0]
                        .allergens.none())
            << other;
    }
}

TEST(AllergyReading, ActiveAndNotRefutedCounts) {
    struct Row {
        char const* status;
        bool counts;
    };
    for (auto const& row : {
             Row{"", true},
             Row{",'clinicalStatus':{'coding':[{'code':'active'}]}", true},
             Row{",'clinicalStatus':{'coding':[{'code':'inactive'}]}", false},
             Row{",'clinicalStatus':{'coding':[{'code':'resolved'}]}", false},
             Row{",'clinicalStatus':{'text':'Resolved'}", false},
             Row{",'verificationStatus':{'coding':[{'code':'confirmed'}]}", true},
             Row{",'verificationStatus':{'coding':[{'code':'unconfirmed'}]}", true},
             Row{",'verificationStatus':{'coding':[{'code':'refuted'}]}", false},
             Row{",'verificationStatus':{'coding':[{'code':'entered-in-error'}]}", false},
             Row{",'type':'intolerance'", true},
             Row{",'type':'allergy'", true},
         }) {
        EXPECT_EQ(counts_as(Allergen::methotrexate,
                            "'code':{'text':'methotrexate'}" + std::string{row.status}),
                  row.counts)
            << row.status;
    }
}

TEST(AllergyReading, ReactionsTellAnaphylaxisAndTheFirstDose) {
    auto const with = [](char const* reaction) {
        return allergy("'code':{'text':'infliximab'},'reaction':[{" + std::string{reaction} + "}]")
            ->record->allergies[0];
    };
    EXPECT_TRUE(with("'manifestation':[{'text':'Anaphylaxis'}]").anaphylaxis);
    EXPECT_TRUE(with("'description':'anaphylactic shock'").anaphylaxis);
    EXPECT_FALSE(with("'manifestation':[{'text':'rash'}]").anaphylaxis);
    EXPECT_TRUE(
        with("'manifestation':[{'text':'flushing during first infusion'}]").first_dose_reaction);
    EXPECT_TRUE(with("'note':[{'text':'at the first dose'}]").first_dose_reaction);
    EXPECT_FALSE(with("'manifestation':[{'text':'rash'}]").first_dose_reaction);
}

std::unique_ptr<Sample> procedure(std::string const& code, std::string const& status) {
    return SampleRequest{}
        .row("procedures", "{'resourceType':'Procedure','status':'" + status + "','code':{" + code +
                               "},'performedDateTime':'2026-02-01'}")
        .load();
}

TEST(ProcedureReading, KindsByCodeAndText) {
    struct Row {
        std::string code;
        Service service;
    };
    auto const sct = [](char const* code) {
        return "'coding':[{'system':'http://snomed.info/sct','code':'" + std::string{code} + "'}]";
    };
    for (auto const& row : {
             Row{sct("46467001"), Service::puva},
             Row{sct("428908000"), Service::puva},
             Row{"'text':'PUVA phototherapy'", Service::puva},
             Row{sct("428545002") + ",'text':'PUVA phototherapy'", Service::puva},
             Row{sct("450522005"), Service::nbuvb},
             Row{"'text':'narrowband UVB'", Service::nbuvb},
             Row{sct("229588000"), Service::uvb},
             Row{sct("426234008"), Service::uvb},
             Row{"'text':'UVB'", Service::uvb},
             Row{sct("31394004"), Service::phototherapy},
             Row{"'text':'light therapy'", Service::phototherapy},
             Row{sct("236886002"), Service::hysterectomy},
             Row{sct("287664005"), Service::tubal_ligation},
             Row{"'text':'bilateral salpingo-oophorectomy'", Service::oophorectomy},
             Row{sct("18027006"), Service::transplant},
             Row{sct("70536003"), Service::transplant},
             Row{"'text':'LTBI treatment completed'", Service::ltbi_treatment_completed},
             Row{"'text':'annual joint biologic review'", Service::biologic_review},
             Row{"'text':'infection screen'", Service::infection_check},
         }) {
        EXPECT_EQ(procedure(row.code, "completed")->record->procedures[0].services,
                  set_of(row.service))
            << row.code;
    }
}

TEST(ProcedureReading, OnlyWhatWasDoneOrIsUnderWayCounts) {
    EXPECT_TRUE(procedure("'text':'PUVA'", "completed")->record->procedures[0].completed);
    EXPECT_TRUE(procedure("'text':'PUVA'", "in-progress")->record->procedures[0].in_progress);
    for (auto const* status :
         {"preparation", "not-done", "on-hold", "stopped", "entered-in-error", "unknown"}) {
        EXPECT_TRUE(procedure("'text':'PUVA'", status)->record->procedures[0].services.none())
            << status;
    }
}

TEST(ProcedureReading, TheSpanOfACourse) {
    auto const sample =
        SampleRequest{}
            .row("procedures",
                 "{'resourceType':'Procedure','status':'completed','code':{'text':'UVB'},"
                 "'performedPeriod':{'start':'2026-01-05','end':'2026-02-09'}}")
            .load();
    EXPECT_EQ(base::iso(sample->record->procedures[0].start.first), "2026-01-05");
    EXPECT_EQ(base::iso(sample->record->procedures[0].end.last), "2026-02-09");
}

TEST(ServiceReading, LaboratoryOrdersTreatmentsAndVaccines) {
    auto const sample =
        SampleRequest{}
            .draft(
                "{'resourceType':'ServiceRequest','status':'draft','code':{'text':'ciclosporin "
                "trough level'}}")
            .draft("{'resourceType':'ServiceRequest','status':'draft','code':{'text':'PUVA'}}")
            .draft(
                "{'resourceType':'ServiceRequest','status':'draft','code':{'text':'yellow fever "
                "vaccine'}}")
            .draft(
                "{'resourceType':'ServiceRequest','status':'draft','code':{'coding':[{'system':'"
                "http://hl7.org/fhir/sid/cvx',"
                "'code':'94'}]}}")
            .draft(
                "{'resourceType':'ServiceRequest','status':'draft','code':{'text':'zoster vaccine "
                "recombinant'}}")
            .draft(
                "{'resourceType':'ServiceRequest','status':'draft','code':{'coding':[{'system':'"
                "http://loinc.org','code':'3016-3'}]}}")
            .load();
    auto const& drafts = sample->record->service_drafts;
    ASSERT_EQ(drafts.size(), 6U);
    EXPECT_TRUE(has(drafts[0].tests, cds::fhir::Test::ciclosporin_level));
    EXPECT_TRUE(has(drafts[1].services, Service::puva));
    EXPECT_TRUE(has(drafts[2].drugs, Drug::live_vaccine));
    EXPECT_TRUE(has(drafts[3].drugs, Drug::live_vaccine));
    EXPECT_FALSE(has(drafts[4].drugs, Drug::live_vaccine));
    EXPECT_TRUE(drafts[5].drugs.none() && drafts[5].services.none() && drafts[5].tests.none());
}

TEST(ServiceReading, OnlyLiveOrdersAreActive) {
    for (auto const& [status, active] : {std::pair{"active", true},
                                         {"on-hold", true},
                                         {"draft", true},
                                         {"revoked", false},
                                         {"completed", false},
                                         {"entered-in-error", false},
                                         {"unknown", false}}) {
        auto const sample =
            SampleRequest{}
                .row("serviceRequests", "{'resourceType':'ServiceRequest','status':'" +
                                            std::string{status} + "','code':{'text':'PUVA'}}")
                .load();
        EXPECT_EQ(sample->record->services[0].active, active) << status;
    }
}

}  // namespace
}  // namespace cds::fhir
