/// `countersign feedback export`, `report` and `import` as a person starts them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "server/commands.hpp"
#include "server/feedback_lines.hpp"
#include "tests/server/kept.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

struct Ran {
    int status = 0;
    std::string out, error;
};

Ran feedback(std::vector<std::string> const& words) {
    std::vector<char const*> arguments{"feedback"};
    for (auto const& word : words) arguments.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.status = command_feedback(arguments);
    std::fflush(stdout);
    ran.out = testing::internal::GetCapturedStdout();
    ran.error = testing::internal::GetCapturedStderr();
    return ran;
}

base::Instant instant(char const* text) { return base::parse_date(text, base::Zone{}).instant; }

store::CardRow sent(int number, char const* when) {
    return {card_uuid(number), "", "csa-thiazide", "warning", instant(when)};
}

store::FeedbackRow reported(int number, std::string outcome, char const* when) {
    store::FeedbackRow row;
    row.service = "immunosuppressant-safety";
    row.card = card_uuid(number);
    row.outcome = std::move(outcome);
    row.outcome_at = row.received_at = instant(when);
    if (row.outcome == "accepted") row.accepted = {card_uuid(90), card_uuid(91)};
    return row;
}

class FeedbackCommand : public testing::Test {
protected:
    void SetUp() override {
        auto accepted = reported(1, "accepted", "2026-01-15T09:00:00Z");
        auto overridden = reported(2, "overridden", "2026-02-15T09:00:00Z");
        overridden.reason_code = "mdt-agreed";
        overridden.reason_system = "urn:other";
        overridden.reason_display = "Agreed, \"twice\"";
        overridden.comment = "=HYPERLINK(1)\nsecond line";
        overridden.extension = R"({"a":[1.50]})";
        std::vector rows{accepted, overridden, reported(9, "overridden", "2026-02-28T23:30:00Z")};
        for (auto& row : rows) row.id = store::feedback_id(row);
        std::vector const cards{sent(1, "2026-01-15T08:00:00Z"), sent(2, "2026-02-15T08:00:00Z"),
                                sent(3, "2026-02-16T08:00:00Z")};
        auto const database = store::open_for_writing(folder_.place());
        ASSERT_TRUE(database);
        ASSERT_TRUE(store::insert_feedback(**database, rows));
        ASSERT_TRUE(store::insert_cards(**database, cards));
    }
    Ran run(std::vector<std::string> words) {
        words.insert(words.begin() + 1, {"--store", folder_.file()});
        return feedback(words);
    }
    static long lines(std::string const& text) {
        return std::count(text.begin(), text.end(), '\n');
    }
    StoreFolder folder_;
};

TEST_F(FeedbackCommand, ExportPrintsAReportALineAsTheSpecificationWritesIt) {
    auto const ran = run({"export"});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_EQ(lines(ran.out), 3);
    EXPECT_THAT(ran.out, HasSubstr(R"("outcome":"accepted","acceptedSuggestions":[{"id":")" +
                                   card_uuid(90) + R"("},{"id":")" + card_uuid(91) + R"("}])"));
    EXPECT_THAT(ran.out,
                HasSubstr(R"("overrideReason":{"reason":{"code":"mdt-agreed","system":)"
                          R"("urn:other","display":"Agreed, \"twice\""},)"
                          R"("userComment":"=HYPERLINK(1)\nsecond line","extension":{"a":[1.50]}},)"
                          R"("outcomeTimestamp":"2026-02-15T09:00:00Z")"));
    EXPECT_THAT(ran.out, HasSubstr(R"("sent":{"rule":"csa-thiazide","indicator":"warning",)"));
    EXPECT_EQ(lines(run({"export", "--cards"}).out), 6);
}

TEST_F(FeedbackCommand, ExportKeepsToTheDaysOfTheSite) {
    EXPECT_EQ(lines(run({"export", "--since", "2026-02-01"}).out), 2);
    EXPECT_EQ(lines(run({"export", "--since", "2026-02"}).out), 2);
    EXPECT_EQ(lines(run({"export", "--until", "2026-01"}).out), 1);
    EXPECT_EQ(lines(run({"export", "--until", "2026-02-15"}).out), 2) << "the day itself counts";
    EXPECT_EQ(lines(run({"export", "--until", "2026-02-15T09:00:00Z"}).out), 1);
    EXPECT_EQ(lines(run({"export", "--until", "2026-02"}).out), 3);
    EXPECT_EQ(lines(run({"export", "--until", "2026-02", "--site-zone", "Europe/Amsterdam"}).out),
              2);
}

TEST_F(FeedbackCommand, ExportAsCsvIsSafeInASpreadsheet) {
    auto const ran = run({"export", "--format", "csv"});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_TRUE(ran.out.starts_with("id,client,service,card,rule,"));
    EXPECT_THAT(ran.out, HasSubstr("\"'=HYPERLINK(1)\nsecond line\""));
    EXPECT_THAT(ran.out, HasSubstr("\"Agreed, \"\"twice\"\"\""));
    EXPECT_THAT(ran.out, HasSubstr("," + card_uuid(90) + " " + card_uuid(91) + ","));
    EXPECT_EQ(run({"export", "--format", "csv", "--cards"}).status, 1);
}

TEST(CsvField, AFormulaIsMadeText) {
    struct {
        char const* value;
        char const* field;
    } const rows[] = {{"=1+1", "'=1+1"},
                      {"+1", "'+1"},
                      {"-1", "'-1"},
                      {"@x", "'@x"},
                      {"\tx", "'\tx"},
                      {"1=1", "1=1"},
                      {"", ""},
                      {"a,b", "\"a,b\""},
                      {"\"", "\"\"\"\""},
                      {"\r=", "\"'\r=\""},
                      {"=a,b", "\"'=a,b\""}};
    for (auto const& row : rows) {
        std::string out;
        append_csv_field(row.value, out);
        EXPECT_EQ(out, row.field);
    }
}

TEST_F(FeedbackCommand, ReportCountsByRuleReasonAndTime) {
    auto const ran = run({"report"});
    EXPECT_EQ(ran.status, 0) << ran.error;
    EXPECT_THAT(ran.out, HasSubstr("| csa-thiazide | all | 3 | 1 | 1 | 1 | 33.3 % | 33.3 % |"));
    EXPECT_THAT(ran.out, HasSubstr("| csa-thiazide | 2026-01 | 1 | 1 | 0 | 0 | 100.0 % | 0.0 % |"));
    EXPECT_THAT(ran.out, HasSubstr("| csa-thiazide | 2026-02 | 2 | 0 | 1 | 1 | 0.0 % | 50.0 % |"));
    EXPECT_THAT(ran.out, HasSubstr("| all rules | all | 3 | 1 | 1 | 1 | 33.3 % | 33.3 % |"));
    EXPECT_THAT(ran.out, HasSubstr("not on record: 0 accepted, 1 overridden"));
    EXPECT_THAT(ran.out, HasSubstr("| 1 | 100.0 % |"));
    EXPECT_THAT(run({"report", "--by", "week"}).out, HasSubstr("| 2026-W08 | 1 |"));
    EXPECT_THAT(run({"report", "--by", "day", "--since", "2026-02-16"}).out,
                HasSubstr("| csa-thiazide | all | 1 | 0 | 0 | 1 |"));
    EXPECT_NE(run({"report", "--by", "year"}).status, 0);
}

TEST_F(FeedbackCommand, ReportAsCsvHasALineForEachNumber) {
    auto const ran = run({"report", "--format", "csv"});
    EXPECT_TRUE(ran.out.starts_with("rule,period,outcome,reason,cards\r\n"));
    EXPECT_THAT(ran.out, HasSubstr("csa-thiazide,2026-02,shown,,2\r\n"));
    EXPECT_THAT(ran.out,
                HasSubstr("csa-thiazide,2026-02,overridden,\"Agreed, \"\"twice\"\"\",1\r\n"));
    EXPECT_THAT(ran.out, HasSubstr("csa-thiazide,2026-02,ignored,,1\r\n"));
    EXPECT_THAT(ran.out, HasSubstr("(not on record),,overridden,,1\r\n"));
}

TEST_F(FeedbackCommand, ImportOfAnExportGivesTheSameExport) {
    auto const exported = run({"export", "--cards"}).out;
    StoreFolder const other;
    auto const file = (other.path() / "export.ndjson").string();
    std::ofstream{file} << exported;
    auto const first = feedback({"import", "--store", other.file(), file});
    EXPECT_EQ(first.status, 0) << first.error;
    EXPECT_EQ(first.out, "3 reports read, 3 of them new; 3 cards read, 3 of them new.\n");
    EXPECT_EQ(feedback({"export", "--cards", "--store", other.file()}).out, exported);
    auto const second = feedback({"import", "--store", other.file(), file});
    EXPECT_EQ(second.out, "3 reports read, 0 of them new; 3 cards read, 0 of them new.\n");
    EXPECT_EQ(feedback({"export", "--cards", "--store", other.file()}).out, exported);
}

TEST_F(FeedbackCommand, ImportTakesNothingOfAFileThatItCannotReadAndNamesTheLine) {
    StoreFolder const other;
    auto const file = (other.path() / "export.ndjson").string();
    for (auto const* bad : {"{", R"({"card":"x"})", R"({"sentAt":"2026-01-01T00:00:00Z"})"}) {
        std::ofstream{file} << run({"export"}).out << bad << "\n";
        auto const ran = feedback({"import", "--store", other.file(), file});
        EXPECT_EQ(ran.status, 1);
        EXPECT_THAT(ran.error, HasSubstr("line 4"));
    }
    EXPECT_FALSE(std::filesystem::exists(other.file()));
    EXPECT_EQ(feedback({"import", "--store", other.file(), "/nonexistent"}).status, 1);
}

TEST_F(FeedbackCommand, WhatCannotBeReadIsSaidInASentence) {
    auto const nowhere = feedback({"report", "--store", folder_.file() + "x"});
    EXPECT_EQ(nowhere.status, 1);
    EXPECT_THAT(nowhere.error, HasSubstr("no store here"));
    auto const password = feedback({"export", "--store", "postgres://me:secret@127.0.0.1:1/x"});
    EXPECT_EQ(password.status, 1);
    EXPECT_THAT(password.error, HasSubstr("PostgreSQL cannot be reached"));
    EXPECT_THAT(password.error, Not(HasSubstr("secret")));
    EXPECT_THAT(run({"export", "--since", "yesterday"}).error, HasSubstr("no date"));
    EXPECT_NE(feedback({}).status, 0);
}

}  // namespace
}  // namespace cds::server
