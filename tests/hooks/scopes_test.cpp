#include "hooks/scopes.hpp"

#include <gtest/gtest.h>

namespace cds::hooks {
namespace {

TEST(Scopes, ReadBothVersionsOfSmart) {
    struct Row {
        char const* scopes;
        Access reading, searching;  ///< of Observation
    };
    auto const none = Access::none, part = Access::part, whole = Access::whole;
    for (auto const& row : {
             Row{"user/Observation.read", whole, whole},
             Row{"patient/Observation.read", whole, whole},
             Row{"system/Observation.*", whole, whole},
             Row{"user/*.read", whole, whole},
             Row{"user/*.*", whole, whole},
             Row{"user/Observation.write", none, none},
             Row{"user/Condition.read", none, none},
             Row{"user/Observation.rs", whole, whole},
             Row{"patient/Observation.cruds", whole, whole},
             Row{"user/Observation.r", whole, none},
             Row{"user/Observation.s", none, whole},
             Row{"user/Observation.cud", none, none},
             Row{"user/*.rs", whole, whole},
             Row{"user/Observation.rs?category=laboratory", part, part},
             Row{"user/Observation.rs?category=laboratory user/Observation.rs", whole, whole},
             Row{"user/Observation.r user/*.s", whole, whole},
             Row{"launch openid\tuser/Observation.read\n", whole, whole},
         }) {
        auto const scopes = Scopes::of(row.scopes);
        EXPECT_EQ(scopes.reading("Observation"), row.reading) << row.scopes;
        EXPECT_EQ(scopes.searching("Observation"), row.searching) << row.scopes;
    }
}

TEST(Scopes, OpenNothingWhenTheyAreOfNeitherVersion) {
    for (auto const* scopes :
         {"", " ", "openid", "launch/patient", "fhirUser", "user/Observation", "user/Observation.",
          "user/.read", "user/Observation.sr", "user/Observation.rr", "user/Observation.READ",
          "user/Observation.x", "user/observation.read", "User/Observation.read",
          "group/Observation.read", "Observation.read", "user/Observation.read?category=lab",
          "user/Obser*.read", "user//Observation.read"}) {
        auto const read = Scopes::of(scopes);
        EXPECT_EQ(read.reading("Observation"), Access::none) << scopes;
        EXPECT_EQ(read.searching("Observation"), Access::none) << scopes;
        EXPECT_FALSE(read.names_a_patient()) << scopes;
    }
}

TEST(Scopes, TellWhetherTheyAreForOnePatient) {
    EXPECT_TRUE(Scopes::of("user/*.rs patient/Observation.r").names_a_patient());
    EXPECT_FALSE(Scopes::of("user/*.rs launch/patient").names_a_patient());
}

}  // namespace
}  // namespace cds::hooks
