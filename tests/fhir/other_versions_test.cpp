#include <gtest/gtest.h>

#include "tests/fhir/sample_record.hpp"

// Shapes of DSTU2, STU3 and R5 that still come in hooks, each beside its R4 form: they say the
// same. What has no certain meaning stays unread.

namespace cds::fhir {
namespace {

std::string const infliximab_text = "'medicationCodeableConcept':{'text':'infliximab'}";

TEST(OtherVersions, NameTheDrugAsR5Does) {
    for (std::string const medication :
         {"'medication':{'concept':{'text':'infliximab'}}",
          "'medication':{'concept':{'coding':[{'system':"
          "'http://www.nlm.nih.gov/research/umls/rxnorm','code':'191831'}]}}",
          "'medication':{'reference':{'reference':'Medication/x','display':'infliximab'}}",
          "'medication':{'reference':{'reference':'#m'}},'contained':[{'resourceType':"
          "'Medication','id':'m','code':{'text':'infliximab'}}]",
          "'medication':{'reference':{'reference':'#m'}},'contained':[{'resourceType':"
          "'Medication','id':'m','ingredient':[{'item':{'concept':{'text':'infliximab'}}}]}]"}) {
        auto const sample =
            SampleRequest{}
                .draft(
                    "{'resourceType':'MedicationRequest','id':'d1','intent':'order','status':"
                    "'draft'," +
                    medication + "}")
                .row("administrations",
                     "{'resourceType':'MedicationAdministration','status':'completed',"
                     "'occurenceDateTime':'2026-03-05'," +
                         medication + "}")
                .load();
        EXPECT_TRUE(has(sample->draft().drugs, Drug::infliximab)) << medication;
        EXPECT_TRUE(has(sample->medication().drugs, Drug::infliximab)) << medication;
        EXPECT_EQ(sample->medication().effective_start.first, in_days(-5));
    }
}

TEST(OtherVersions, LeaveAMedicationOfUnknownShapeUnidentified) {
    for (std::string const medication :
         {"'medication':'infliximab'", "'medication':{'infliximab':true}",
          "'medication':{'reference':{'reference':'Medication/gone'}}"}) {
        auto const sample =
            SampleRequest{}
                .draft(
                    "{'resourceType':'MedicationRequest','id':'d1','intent':'order','status':"
                    "'draft'," +
                    medication + "}")
                .load();
        EXPECT_TRUE(sample->draft().drugs.none());
        EXPECT_FALSE(sample->draft().identified) << "it stands on the card of what was not checked";
    }
}

TEST(OtherVersions, SayInTheirOwnWordsThatAStatementIsNotTaken) {
    struct Row {
        std::string members;
        RowStatus status;
    };
    for (auto const& row :
         {Row{"'status':'active','wasNotTaken':true", RowStatus::not_taken},
          Row{"'status':'active','taken':'n'", RowStatus::not_taken},
          Row{"'status':'active','taken':'y'", RowStatus::active},
          Row{"'status':'recorded','adherence':{'code':{'coding':[{'code':'taking'}]}}",
              RowStatus::active},
          Row{"'status':'recorded','adherence':{'code':{'coding':[{'code':'not-taking'}]}}",
              RowStatus::not_taken},
          Row{"'status':'recorded','adherence':{'code':{'coding':[{'code':'stopped'}]}}",
              RowStatus::stopped},
          Row{"'status':'recorded','adherence':{'code':{'coding':[{'code':'on-hold-as-directed'}]}"
              "}",
              RowStatus::on_hold}}) {
        auto const sample = SampleRequest{}
                                .row("statements", "{'resourceType':'MedicationStatement'," +
                                                       row.members + "," + infliximab_text + "}")
                                .load();
        EXPECT_EQ(sample->medication().status, row.status) << row.members;
    }
}

TEST(OtherVersions, ReadTheOrderOfDstu2) {
    auto const sample =
        SampleRequest{}
            .row("medications",
                 "{'resourceType':'MedicationOrder','id':'o1','status':'stopped','dateWritten':"
                 "'2026-01-10','dateEnded':'2026-02-10','reasonCodeableConcept':{'text':"
                 "'Psoriasis'},'medicationCodeableConcept':{'text':'ciclosporin'},"
                 "'dosageInstruction':[{'timing':{'repeat':{'frequency':2,'period':1,"
                 "'periodUnits':'d'}},'doseQuantity':{'value':100,'unit':'mg','code':'mg'}}]}")
            .load();
    auto const& order = sample->medication();
    EXPECT_TRUE(has(order.drugs, Drug::ciclosporin));
    EXPECT_EQ(base::iso(order.authored.first), "2026-01-10");
    EXPECT_EQ(base::iso(order.effective_end.first), "2026-02-10");
    ASSERT_EQ(order.reasons.size(), 1U);
    EXPECT_TRUE(has(order.reasons.front().diseases, Disease::psoriasis));
    ASSERT_EQ(order.dosages.size(), 1U);
    EXPECT_EQ(order.dosages.front().amount, Amount::mg);
    ASSERT_TRUE(order.dosages.front().per_day);
    EXPECT_EQ(*order.dosages.front().per_day, Rational{2});
}

TEST(OtherVersions, ReadTheAdministrationOfDstu2) {
    auto const sample =
        SampleRequest{}
            .row("administrations",
                 "{'resourceType':'MedicationAdministration','id':'a1','status':'completed',"
                 "'effectiveTimeDateTime':'2026-03-05'," +
                     infliximab_text + "}")
            .row("administrations",
                 "{'resourceType':'MedicationAdministration','id':'a2','status':'completed',"
                 "'effectiveTimePeriod':{'start':'2026-03-01','end':'2026-03-02'}," +
                     infliximab_text + "}")
            .row("administrations",
                 "{'resourceType':'MedicationAdministration','id':'a3','status':'completed',"
                 "'wasNotGiven':true,'effectiveTimeDateTime':'2026-03-05'," +
                     infliximab_text + "}")
            .load();
    EXPECT_EQ(sample->medication(0).effective_start.first, in_days(-5));
    EXPECT_EQ(sample->medication(0).effective_end.first, in_days(-5));
    EXPECT_EQ(sample->medication(1).effective_end.first, in_days(-8));
    EXPECT_EQ(sample->medication(2).status, RowStatus::not_done);
}

TEST(OtherVersions, ReadTheAllergyOfDstu2) {
    struct Row {
        std::string status;
        bool active;
        Verification verification;
    };
    for (auto const& row : {Row{"active", true, Verification::confirmed},
                            Row{"confirmed", true, Verification::confirmed},
                            Row{"unconfirmed", true, Verification::unconfirmed},
                            Row{"inactive", false, Verification::confirmed},
                            Row{"resolved", false, Verification::confirmed},
                            Row{"refuted", true, Verification::refuted},
                            Row{"entered-in-error", true, Verification::entered_in_error}}) {
        auto const sample =
            SampleRequest{}
                .row("allergies", "{'resourceType':'AllergyIntolerance','status':'" + row.status +
                                      "','substance':{'text':'infliximab'}}")
                .load();
        ASSERT_EQ(sample->record->allergies.size(), 1U);
        auto const& allergy = sample->record->allergies.front();
        EXPECT_TRUE(has(allergy.allergens, Allergen::infliximab));
        EXPECT_EQ(allergy.label, "infliximab");
        EXPECT_EQ(allergy.active, row.active) << row.status;
        EXPECT_EQ(allergy.verification, row.verification) << row.status;
    }
}

TEST(OtherVersions, ReadTheProcedureOfR5) {
    for (std::string const when : {"'occurrenceDateTime':'2026-03-05'",
                                   "'occurrencePeriod':{'start':'2026-03-05','end':'2026-03-05'}",
                                   "'performedDateTime':'2026-03-05'"}) {
        auto const sample = SampleRequest{}
                                .row("procedures",
                                     "{'resourceType':'Procedure','status':'completed','code':"
                                     "{'text':'PUVA phototherapy'}," +
                                         when + "}")
                                .load();
        ASSERT_EQ(sample->record->procedures.size(), 1U);
        EXPECT_EQ(sample->record->procedures.front().end.first, in_days(-5)) << when;
    }
}

TEST(OtherVersions, ReadAsNeededOfR5) {
    auto const sample =
        SampleRequest{}
            .draft(
                "{'resourceType':'MedicationRequest','id':'d1','status':'draft','intent':"
                "'order','medication':{'concept':{'text':'ibuprofen'}},'dosageInstruction':"
                "[{'asNeededFor':[{'text':'pain'}]}]}")
            .load();
    ASSERT_EQ(sample->draft().dosages.size(), 1U);
    EXPECT_TRUE(sample->draft().dosages.front().as_needed);
}

}  // namespace
}  // namespace cds::fhir
