#include <gtest/gtest.h>

#include "tests/fhir/sample_record.hpp"

// Every way in which an order may name its drug, and what its product and route tell. Source:
// fact-encodings section 2.

namespace cds::fhir {
namespace {

std::string const rxnorm_uri = "'system':'http://www.nlm.nih.gov/research/umls/rxnorm'";

std::string draft_of(std::string const& medication) {
    return "{'resourceType':'MedicationRequest','intent':'order','status':'draft'" + medication +
           "}";
}
std::string code(std::string const& system, std::string const& value) {
    return "{'system':'" + system + "','code':'" + value + "'}";
}
std::string rx(std::string const& value) { return "{" + rxnorm_uri + ",'code':'" + value + "'}"; }
std::string coded(std::string const& codings) {
    return ",'medicationCodeableConcept':{'coding':[" + codings + "]}";
}
std::string text(std::string const& words) {
    return ",'medicationCodeableConcept':{'text':'" + words + "'}";
}
std::string reference(std::string const& target) {
    return ",'medicationReference':{'reference':'" + target + "'}";
}

TEST(MedicationReading, ADrugIsRecognisedByAnyNameOfIt) {
    struct Row {
        std::string medication;
        std::optional<Drug> drug;
        bool identified = true;
    };
    std::string const local = "{'system':'urn:oid:1.2.840.114350.1.13','code':'17'}";
    std::string const local_named =
        "{'system':'urn:oid:1.2.840.114350.1.13','code':'17','display':'INFLIXIMAB 100 MG IV'}";
    Row const table[] = {
        {coded(rx("191831")), Drug::infliximab},
        {coded(rx("3008")), Drug::ciclosporin},
        {coded(local + "," + rx("191831")), Drug::infliximab},
        {coded(code("http://hl7.org/fhir/sid/ndc", "57894003001")), Drug::infliximab},
        {coded(code("http://hl7.org/fhir/sid/ndc", "57894-030-01")), Drug::infliximab},
        {coded(code("http://www.whocc.no/atc", "L04AD01")), Drug::ciclosporin},
        {coded(code("http://snomed.info/sct", "387467008")), Drug::ciclosporin},
        {coded(local_named), Drug::infliximab},
        {coded(code("urn:x", "1")), std::nullopt, false},
        {coded(local), std::nullopt, false},
        {text("Cyclosporin A"), Drug::ciclosporin},
        {text("NEORAL"), Drug::ciclosporin},
        {text("infliximab-dyyb"), Drug::infliximab},
        {text("infliximab-zzzz"), Drug::infliximab},
        {text("Inflectra 100 mg"), Drug::infliximab},
        {text("levothyroxine"), std::nullopt},
        {coded(rx("10582")), std::nullopt},
        {"", std::nullopt, false},
        {",'medicationReference':{'display':'Remicade 100 mg'}", Drug::infliximab},
        {",'medicationReference':{'reference':'Medication/gone','display':'Remicade'}",
         Drug::infliximab},
        {reference("Medication/gone"), std::nullopt, false},
        {",'contained':[{'resourceType':'Medication','id':'m','code':{'coding':[" + rx("191831") +
             "]}}]" + reference("#m"),
         Drug::infliximab},
        {",'contained':[{'resourceType':'Medication','id':'m','ingredient':[{'itemCodeableConcept':"
         "{'coding':[" +
             rx("191831") + "]}}]}]" + reference("#m"),
         Drug::infliximab},
        {",'medication':{'concept':{'coding':[" + rx("191831") + "]}}", Drug::infliximab},
        {",'medication':{'reference':{'reference':'Medication/m1'}}", Drug::infliximab},
        {reference("Medication/m1"), Drug::infliximab},
        {reference("https://ehr.example/fhir/Medication/m1"), Drug::infliximab},
        {reference("Medication/m1/_history/2"), Drug::infliximab},
        {reference("urn:uuid:6b3a"), Drug::azathioprine},
        {reference("Medication/m3"), Drug::methotrexate},
    };
    for (auto const& row : table) {
        auto const sample =
            SampleRequest{}
                .draft(draft_of(row.medication))
                .draft("{'resourceType':'Medication','id':'m3','code':{'text':'methotrexate'}}")
                .draft_entry("'fullUrl':'urn:uuid:6b3a',",
                             "{'resourceType':'Medication','code':{'text':'azathioprine'}}")
                .row("medications",
                     "{'resourceType':'Medication','id':'m1','code':{'text':'infliximab'}}")
                .load();
        ASSERT_EQ(sample->record->drafts.size(), 1U) << row.medication;
        auto const& draft = sample->draft();
        EXPECT_EQ(draft.drugs, row.drug ? set_of(*row.drug) : DrugSet{}) << row.medication;
        EXPECT_EQ(draft.identified, row.identified) << row.medication;
    }
}

TEST(MedicationReading, AStoredOrderFindsItsMedicationInAnyPrefetchBundle) {
    auto const sample =
        SampleRequest{}
            .row("medications", "{'resourceType':'MedicationRequest','status':'active'" +
                                    reference("Medication/m1") + "}")
            .row("observations",
                 "{'resourceType':'Medication','id':'m1','code':{'text':'infliximab'}}")
            .load();
    EXPECT_TRUE(has(sample->medication().drugs, Drug::infliximab));
}

TEST(MedicationReading, CodesDecideBeforeText) {
    auto const sample =
        SampleRequest{}
            .draft(
                draft_of(",'medicationCodeableConcept':{'text':'instead of infliximab','coding':[" +
                         rx("3008") + "]}"))
            .load();
    EXPECT_EQ(sample->draft().drugs, set_of(Drug::ciclosporin));
}

std::string routed(std::string const& route) {
    return ",'dosageInstruction':[{'route':" + route + "}]";
}

TEST(MedicationReading, TheRouteIsReadFromCodeAndText) {
    struct Row {
        char const* route;
        Route expected;
        bool systemic;
    };
    for (auto const& row : {
             Row{"26643006", Route::oral, true},
             Row{"47625008", Route::intravenous, true},
             Row{"34206005", Route::subcutaneous, true},
             Row{"78421000", Route::intramuscular, true},
             Row{"6064005", Route::topical, false},
             Row{"54485002", Route::ophthalmic, false},
             Row{"447694001", Route::inhaled, false},
             Row{"46713006", Route::nasal, false},
             Row{"10547007", Route::otic, false},
             Row{"12130007", Route::intra_articular, false},
             Row{"37161004", Route::rectal, false},
             Row{"372466002", Route::intralesional, false},
             Row{"oral", Route::oral, true},
             Row{"Oral route", Route::oral, true},
             Row{"IV", Route::intravenous, true},
             Row{"Intravenous", Route::intravenous, true},
             Row{"SC", Route::subcutaneous, true},
             Row{"subcutaneous", Route::subcutaneous, true},
             Row{"IM", Route::intramuscular, true},
             Row{"topical", Route::topical, false},
             Row{"Ophthalmic", Route::ophthalmic, false},
             Row{"intravitreal", Route::intravitreal, false},
             Row{"intradermal", Route::intradermal, false},
             Row{"intra-articular", Route::intra_articular, false},
             Row{"sublingual", Route::other, true},
         }) {
        auto const is_code = row.route[0] >= '0' && row.route[0] <= '9';
        auto const element = is_code ? "{'coding':[{'system':'http://snomed.info/sct','code':'" +
                                           std::string{row.route} + "'}]}"
                                     : "{'text':'" + std::string{row.route} + "'}";
        auto const sample = SampleRequest{}.start("dexamethasone", routed(element)).load();
        EXPECT_EQ(sample->draft().route, row.expected) << row.route;
        EXPECT_EQ(sample->draft().systemic, row.systemic) << row.route;
    }
}

TEST(MedicationReading, WithoutARouteTheWordsOfTheProductTell) {
    struct Row {
        char const* text;
        bool systemic;
    };
    for (auto const& row : {
             Row{"dexamethasone 4 mg tablet", true},
             Row{"dexamethasone", true},
             Row{"dexamethasone eye drops", false},
             Row{"dexamethasone ophthalmic suspension", false},
             Row{"hydrocortisone 1% cream", false},
             Row{"hydrocortisone rectal foam", false},
             Row{"triamcinolone nasal spray", false},
             Row{"triamcinolone intra-articular", false},
             Row{"betamethasone ointment", false},
             Row{"triamcinolone 0.1 % dental paste", false},
         }) {
        auto const sample = SampleRequest{}.start(row.text).load();
        auto const steroid = sample->chart->start_draft(set_of(Drug::systemic_corticosteroid));
        EXPECT_EQ(steroid != nullptr, row.systemic) << row.text;
    }
}

TEST(MedicationReading, CiclosporinForTheEyeIsNoExposure) {
    for (auto const& row : {
             draft_of(text("Restasis")),
             draft_of(text("Cequa 0.09%")),
             draft_of(text("Ikervis")),
             draft_of(text("Verkazia")),
             draft_of(text("Vevye")),
             draft_of(text("cyclosporine ophthalmic emulsion")),
             draft_of(text("cycloSPORINE 0.05 % ophth soln")),
             draft_of(text("cycloSPORINE (PF) 0.05 % Dpet")),
             draft_of(coded(code("http://www.whocc.no/atc", "S01XA18"))),
             draft_of(coded(rx("3008")) + routed("{'text':'ophthalmic'}")),
         }) {
        auto const sample = SampleRequest{}.draft(row).load();
        EXPECT_FALSE(has(sample->draft().drugs, Drug::ciclosporin)) << row;
        EXPECT_FALSE(sample->chart->start_draft(set_of(Drug::ciclosporin))) << row;
        EXPECT_TRUE(sample->draft().identified) << row;
    }
}

TEST(MedicationReading, NebulisedPentamidineStillProtects) {
    auto const sample = SampleRequest{}.start("pentamidine", routed("{'text':'inhaled'}")).load();
    EXPECT_TRUE(sample->draft().systemic);
    EXPECT_TRUE(sample->chart->start_draft(set_of(Drug::pjp_prophylaxis)));
}

TEST(MedicationReading, AProductsNameTellsBrandSuffixFormulationAndStrength) {
    struct Row {
        char const* text;
        char const* brand;
        char const* suffix;
        Formulation formulation;
        std::optional<Rational> piece, ml;
    };
    auto const modified = Formulation::modified, plain = Formulation::nonmodified,
               unnamed = Formulation::unspecified;
    for (auto const& row : {
             Row{"cyclosporine, modified 100 MG Oral Capsule [Neoral]",
                 "neoral",
                 "",
                 modified,
                 100,
                 {}},
             Row{"cyclosporine, modified 25 MG Oral Capsule", "", "", modified, 25, {}},
             Row{"cyclosporine modified 100 MG/ML Oral Solution [Gengraf]",
                 "gengraf",
                 "",
                 modified,
                 {},
                 100},
             Row{"cyclosporine 100 MG Oral Capsule [Sandimmune]", "sandimmune", "", plain, 100, {}},
             Row{"cyclosporine non-modified 100 mg capsule", "", "", plain, 100, {}},
             Row{"cyclosporine capsule", "", "", unnamed, {}, {}},
             Row{"cyclosporine microemulsion", "", "", modified, {}, {}},
             Row{"cyclosporine 50 MG/ML Injection", "", "", unnamed, {}, 50},
             Row{"Inflectra", "inflectra", "dyyb", unnamed, 100, {}},
             Row{"Zymfentra 120 mg/mL", "zymfentra", "dyyb", unnamed, {}, 120},
             Row{"Renflexis", "renflexis", "abda", unnamed, 100, {}},
             Row{"Avsola", "avsola", "axxq", unnamed, 100, {}},
             Row{"Ixifi", "ixifi", "qbtx", unnamed, 100, {}},
             Row{"infliximab-dyyb 100 MG Injection", "", "dyyb", unnamed, 100, {}},
             Row{"infliximab vial", "", "", unnamed, 100, {}},
             Row{"Omlyclo 150 mg", "omlyclo", "igec", unnamed, 150, {}},
             Row{"azathioprine 50 MG Oral Tablet", "", "", unnamed, 50, {}},
             Row{"azathioprine 50 mg or 75 mg tablet", "", "", unnamed, {}, {}},
         }) {
        auto const sample = SampleRequest{}.start(row.text).load();
        auto const& product = sample->draft().product;
        EXPECT_EQ(product.brand, row.brand) << row.text;
        EXPECT_EQ(product.suffix, row.suffix) << row.text;
        EXPECT_EQ(product.formulation, row.formulation) << row.text;
        EXPECT_EQ(product.mg_per_piece, row.piece) << row.text;
        EXPECT_EQ(product.mg_per_ml, row.ml) << row.text;
    }
}

TEST(MedicationReading, TwoNamesWithTwoStrengthsStateNone) {
    auto const sample =
        SampleRequest{}
            .draft(draft_of(
                ",'medicationCodeableConcept':{'text':'ciclosporin 25 mg capsule','coding':[{" +
                rxnorm_uri + ",'code':'3008','display':'cyclosporine 100 MG Oral Capsule'}]}"))
            .load();
    EXPECT_EQ(sample->draft().product.mg_per_piece, std::nullopt);
}

TEST(MedicationReading, AReasonThatCannotBeReadIsNotStated) {
    struct Row {
        char const* reason;
        std::size_t reasons;
        bool recognised;
    };
    for (auto const& row : {
             Row{",'reasonCode':[{'text':'psoriasis'}]", 1, true},
             Row{",'reasonCode':[{'text':'uveitis'}]", 1, false},
             Row{",'reasonReference':[{'reference':'Condition/c1'}]", 1, true},
             Row{",'reasonReference':[{'reference':'Condition/refuted'}]", 0, false},
             Row{",'reasonReference':[{'reference':'Condition/gone'}]", 0, false},
             Row{",'reasonReference':[{'reference':'Condition/gone','display':'psoriasis'}]", 1,
                 true},
             Row{",'contained':[{'resourceType':'Condition','id':'k','code':{'text':'psoriasis'}}],"
                 "'reasonReference':[{'reference':'#k'}]",
                 1, true},
         }) {
        auto const sample =
            SampleRequest{}
                .condition("psoriasis", ",'id':'c1'")
                .condition("psoriasis",
                           ",'id':'refuted','verificationStatus':{'coding':[{'code':'refuted'}]}")
                .start("ciclosporin", row.reason)
                .load();
        auto const& reasons = sample->draft().reasons;
        ASSERT_EQ(reasons.size(), row.reasons) << row.reason;
        if (!reasons.empty()) {
            EXPECT_EQ(has(reasons.front().diseases, Disease::psoriasis), row.recognised)
                << row.reason;
        }
    }
}

TEST(MedicationReading, AReasonIsFoundWhereverItsConditionStandsInTheBundle) {
    auto const sample =
        SampleRequest{}
            .order("ciclosporin", ",'reasonReference':[{'reference':'Condition/c1'}]")
            .row("medications",
                 "{'resourceType':'Condition','id':'c1','subject':{'reference':'Patient/p1'},"
                 "'code':{'text':'psoriasis'}}")
            .load();
    ASSERT_EQ(sample->medication().reasons.size(), 1U);
    EXPECT_TRUE(has(sample->medication().reasons.front().diseases, Disease::psoriasis));
}

}  // namespace
}  // namespace cds::fhir
