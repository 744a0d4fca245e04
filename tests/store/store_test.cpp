/// What the service may rely on, whatever lies behind it: one suite, run against SQLite and against
/// a real PostgreSQL.
#include "store/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "store/schema.hpp"
#include "tests/store/kinds.hpp"

namespace cds::store {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;

template <class Kind>
class Stores : public testing::Test {
protected:
    Kind kind_;
    Place const& place() const { return kind_.place; }
};
TYPED_TEST_SUITE(Stores, Kinds, KindNames);

TYPED_TEST(Stores, AReportIsThereWithAllItsFieldsOnceItIsAcknowledged) {
    auto row = feedback(1);
    row.client = "https://ehr.example.com";
    row.outcome = "accepted";
    row.accepted = {uuid(12), uuid(11)};
    row.reason_code = "mdt-agreed";
    row.reason_system = "urn:countersign:override-reasons";
    row.reason_display = "";
    row.comment = "Robert'); DROP TABLE feedback;-- \xC3\xA9 \xF0\x9F\x98\x80 \n\"x\"";
    row.extension = R"({"a":1})";
    row.id = feedback_id(row);
    auto const store = open_store(this->place());
    ASSERT_TRUE(save(*store, {row}));
    auto const found = all_feedback(this->place());
    ASSERT_EQ(found.size(), 1U);
    auto const& stored = found.front().feedback;
    EXPECT_EQ(stored.id, row.id);
    EXPECT_EQ(stored.client, row.client);
    EXPECT_EQ(stored.service, row.service);
    EXPECT_EQ(stored.card, row.card);
    EXPECT_EQ(stored.outcome, "accepted");
    EXPECT_EQ(stored.outcome_at, row.outcome_at);
    EXPECT_EQ(stored.received_at, row.received_at);
    EXPECT_EQ(stored.accepted, row.accepted) << "in the order of the report";
    EXPECT_EQ(stored.reason_code, row.reason_code);
    EXPECT_EQ(stored.reason_system, row.reason_system);
    EXPECT_EQ(stored.reason_display, row.reason_display) << "empty is not absent";
    EXPECT_EQ(stored.comment, row.comment);
    EXPECT_EQ(stored.extension, row.extension);
}

TYPED_TEST(Stores, WhatWasNotSaidStaysAbsent) {
    auto const store = open_store(this->place());
    ASSERT_TRUE(save(*store, {feedback(1)}));
    auto const found = all_feedback(this->place()).front();
    EXPECT_FALSE(found.feedback.reason_code || found.feedback.reason_system ||
                 found.feedback.reason_display || found.feedback.comment ||
                 found.feedback.extension);
    EXPECT_TRUE(found.feedback.accepted.empty());
    EXPECT_FALSE(found.card);
}

TYPED_TEST(Stores, TheSameReportAgainIsStoredOnceAndAcknowledgedEachTime) {
    auto const store = open_store(this->place());
    auto again = feedback(1);
    again.received_at = at(9000);
    for (auto const& rows : {std::vector{feedback(1), feedback(1)}, std::vector{again}})
        EXPECT_TRUE(save(*store, rows));
    auto const found = all_feedback(this->place());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().feedback.received_at, at(2000)) << "the first stands";
}

TYPED_TEST(Stores, AnotherReportOfTheSameCardIsARowOfItsOwn) {
    auto const store = open_store(this->place());
    auto other_outcome = feedback(1), other_time = feedback(1), other_suggestion = feedback(1),
         other_reason = feedback(1), other_client = feedback(1);
    other_outcome.outcome = "accepted";
    other_time.outcome_at = at(1501);
    other_suggestion.accepted = {uuid(7)};
    other_reason.comment = "";
    other_client.client = "b";
    std::vector rows{feedback(1),      other_outcome, other_time,
                     other_suggestion, other_reason,  other_client};
    for (auto& row : rows) row.id = feedback_id(row);
    ASSERT_TRUE(save(*store, rows));
    EXPECT_EQ(all_feedback(this->place()).size(), rows.size());
}

TYPED_TEST(Stores, ABatchIsStoredWholeOrNotAtAll) {
    auto const store = open_store(this->place());
    auto bad = feedback(2);
    bad.outcome = "ignored";  // the schema refuses it
    auto const outcome = save(*store, {feedback(1), bad, feedback(3)});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::ErrorCode::internal);
    EXPECT_THAT(all_feedback(this->place()), testing::IsEmpty());
    EXPECT_TRUE(store->works()) << "a refused batch says nothing about the store";
    EXPECT_TRUE(save(*store, {feedback(4)}));
}

TYPED_TEST(Stores, ABadBatchHarmsNoOtherOfTheSameCommit) {
    auto const store = open_store(this->place());
    auto bad = feedback(50);
    bad.outcome = "ignored";
    std::vector<Reply> replies(40);
    for (std::size_t i = 0; i < replies.size(); ++i) {
        auto const row = i % 10 == 3 ? bad : feedback(static_cast<int>(i));
        ASSERT_TRUE(store->save({row}, replies[i].done()));
    }
    for (std::size_t i = 0; i < replies.size(); ++i)
        EXPECT_EQ(replies[i].wait().has_value(), i % 10 != 3) << i;
    EXPECT_EQ(all_feedback(this->place()).size(), 36U);
}

TYPED_TEST(Stores, AReportFindsTheCardOfItsOwnClientAlone) {
    auto const store = open_store(this->place());
    auto foreign = card(2);
    foreign.client = "somebody else";
    // The report comes first: the card's row may still wait when the client answers.
    ASSERT_TRUE(save(*store, {feedback(1), feedback(2), feedback(3)}));
    store->record({card(1), foreign});
    store->close();
    std::map<std::string, bool> matched;
    for (auto const& row : all_feedback(this->place()))
        matched[row.feedback.card] = row.card.has_value();
    EXPECT_TRUE(matched[uuid(1)]);
    EXPECT_FALSE(matched[uuid(2)]);
    EXPECT_FALSE(matched[uuid(3)]);
}

TYPED_TEST(Stores, CardsThatWaitAreWrittenBeforeTheEnd) {
    auto const store = open_store(this->place());
    std::vector<CardRow> many;
    for (int i = 0; i < 40; ++i) many.push_back(card(i));
    store->record(many);
    store->record({card(1), card(41)});
    store->record({});
    store->close();
    auto const cards = all_cards(this->place());
    ASSERT_EQ(cards.size(), 41U) << "the same card sent again is one card";
    EXPECT_EQ(cards.front().rule, "csa-thiazide");
    EXPECT_EQ(cards.front().indicator, "warning");
    EXPECT_EQ(cards.front().sent_at, at(1000));
    EXPECT_EQ(store->counts().dropped, 0U);
    store->record({card(99)});
    EXPECT_EQ(store->counts().dropped, 1U);
    Reply reply;
    EXPECT_FALSE(store->save({feedback(1)}, reply.done()));
}

TYPED_TEST(Stores, ManyWhoWaitShareACommit) {
    auto const store = open_store(this->place());
    std::vector<Reply> replies(500);
    for (std::size_t i = 0; i < replies.size(); ++i)
        ASSERT_TRUE(store->save({feedback(static_cast<int>(i))}, replies[i].done()));
    for (auto& reply : replies) EXPECT_TRUE(reply.wait());
    auto const counts = store->counts();
    EXPECT_EQ(counts.written, 500U);
    EXPECT_LT(counts.commits, 250U);
    EXPECT_EQ(all_feedback(this->place()).size(), 500U);
}

TYPED_TEST(Stores, EachKindOfRowGoesAtItsOwnAge) {
    auto const store = open_store(this->place());
    auto old_text = feedback(1, at(1000)), young_text = feedback(2, at(5000)),
         very_old = feedback(3, at(10));
    for (auto* row : {&old_text, &young_text, &very_old}) {
        row->comment = "words";
        row->extension = "{}";
        row->accepted = {uuid(9)};
    }
    ASSERT_TRUE(save(*store, {old_text, young_text, very_old}));
    store->record({card(1, at(100)), card(2, at(400))});
    ASSERT_TRUE(save(*store, {}));
    Removed removed;
    Reply reply;
    Horizon const horizon{at(400), at(500), at(2000)};
    ASSERT_TRUE(store->expire(horizon, [&, done = reply.done()](auto const& sum) {
        if (sum) removed = *sum;
        done(sum ? base::Result<void>{} : base::Result<void>{sum.error()});
    }));
    ASSERT_TRUE(reply.wait());
    EXPECT_EQ(removed.cards, 1);
    EXPECT_EQ(removed.feedback, 1);
    EXPECT_EQ(removed.comments, 2) << "the oldest lost its words, then itself";
    auto const left = all_feedback(this->place());
    ASSERT_EQ(left.size(), 2U);
    EXPECT_FALSE(left[0].feedback.comment || left[0].feedback.extension);
    EXPECT_EQ(left[0].feedback.outcome, "overridden") << "the report itself stays";
    EXPECT_EQ(left[1].feedback.comment, "words");
    EXPECT_EQ(all_cards(this->place()).size(), 1U);
    auto const orphans = reader(this->place());
    std::int64_t count = -1;
    ASSERT_TRUE(orphans->query("SELECT count(*) FROM accepted_suggestion", {},
                               [&](Row const& row) { count = row.number(0); }));
    EXPECT_EQ(count, 2);
}

TYPED_TEST(Stores, ExpiryGoesOnUntilNothingIsLeft) {
    auto const store = open_store(this->place());
    for (int group = 0; group < 50; ++group) {
        std::vector<CardRow> cards;
        for (int i = 0; i < 90; ++i) cards.push_back(card(group * 90 + i));
        store->record(cards);
    }
    ASSERT_TRUE(save(*store, {}));
    Reply reply;
    Removed removed;
    ASSERT_TRUE(store->expire({at(1001), at(0), at(0)}, [&, done = reply.done()](auto const& sum) {
        if (sum) removed = *sum;
        done({});
    }));
    ASSERT_TRUE(reply.wait());
    EXPECT_EQ(removed.cards, 4500);
    EXPECT_TRUE(all_cards(this->place()).empty());
}

TYPED_TEST(Stores, NothingOfThePatientHasAColumn) {
    open_store(this->place())->close();
    std::set<std::string> columns;
    auto const database = reader(this->place());
    auto const take = [&](Row const& row) { columns.emplace(row.text(0).value_or("")); };
    auto const sql =
        this->place().kind == Place::Kind::sqlite
            ? "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c "
              "WHERE t.type = 'table'"
            : "SELECT table_name || '.' || column_name FROM information_schema.columns "
              "WHERE table_schema = 'public'";
    ASSERT_TRUE(database->query(sql, {}, take));
    EXPECT_THAT(
        columns,
        ElementsAre("accepted_suggestion.feedback", "accepted_suggestion.place",
                    "accepted_suggestion.suggestion", "card_sent.client", "card_sent.indicator",
                    "card_sent.rule", "card_sent.sent_at", "card_sent.uuid", "feedback.card",
                    "feedback.client", "feedback.comment", "feedback.extension", "feedback.id",
                    "feedback.outcome", "feedback.outcome_at", "feedback.reason_code",
                    "feedback.reason_display", "feedback.reason_system", "feedback.received_at",
                    "feedback.service", "probe.one", "probe.tried", "schema_version.one",
                    "schema_version.version", "token_use.issuer",
                    "token_use.remember_until", "token_use.token"));
}

TYPED_TEST(Stores, AReaderWritesNothing) {
    open_store(this->place())->close();
    auto const database = reader(this->place());
    EXPECT_FALSE(database->execute("DELETE FROM feedback"));
    EXPECT_FALSE(database->execute("CREATE TABLE x (y INTEGER)"));
}

TYPED_TEST(Stores, WhatIsNoStoreIsNotRead) {
    if (this->place().kind == Place::Kind::sqlite) {
        auto const nothing = open_for_reading(this->place());
        ASSERT_FALSE(nothing);
        EXPECT_EQ(nothing.error().code, base::ErrorCode::not_found);
        ASSERT_TRUE(connect(this->place(), Use::writing));
    }
    auto const empty = open_for_reading(this->place());
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, base::ErrorCode::invalid);
    EXPECT_THAT(empty.error().what, HasSubstr("no store of Countersign"));
}

// Migrations.

constexpr std::array<std::string_view, 2> next_step{"ALTER TABLE feedback ADD COLUMN ward TEXT",
                                                    "UPDATE feedback SET ward = 'w-' || card"};
constexpr std::array<std::string_view, 2> broken_step{"CREATE TABLE half (x INTEGER)",
                                                      "INSERT INTO nowhere VALUES (1)"};

TYPED_TEST(Stores, AnEarlierSchemaIsBroughtUpToDateWithItsRows) {
    {
        auto const store = open_store(this->place());
        ASSERT_TRUE(save(*store, {feedback(1)}));
    }
    std::vector<Migration> steps{migrations().begin(), migrations().end()};
    auto const released = static_cast<int>(steps.size());
    steps.emplace_back(next_step);
    auto database = connect(this->place(), Use::writing);
    ASSERT_TRUE(database);
    EXPECT_EQ(*migrate(**database, steps), released);
    EXPECT_EQ(*migrate(**database, steps), released + 1) << "the second time nothing is left to do";
    std::string ward;
    ASSERT_TRUE((*database)->query("SELECT ward FROM feedback", {},
                                   [&](Row const& row) { ward = row.text(0).value_or(""); }));
    EXPECT_EQ(ward, "w-" + uuid(1));
}

TYPED_TEST(Stores, ALaterSchemaThanThisProgramsIsRefusedWithASentence) {
    open_store(this->place())->close();
    std::vector<Migration> steps{migrations().begin(), migrations().end()};
    steps.emplace_back(next_step);
    auto database = connect(this->place(), Use::writing);
    ASSERT_TRUE(database);
    ASSERT_TRUE(migrate(**database, steps));
    database->reset();
    auto const store = Store::open({this->place(), {}, {}});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, base::ErrorCode::invalid);
    EXPECT_THAT(store.error().what, HasSubstr("newer Countersign"));
    auto const reading = open_for_reading(this->place());
    ASSERT_FALSE(reading);
    EXPECT_THAT(reading.error().what, HasSubstr("newer Countersign"));
}

TYPED_TEST(Stores, AMigrationThatFailsLeavesTheStoreAsItWas) {
    open_store(this->place())->close();
    std::vector<Migration> steps{migrations().begin(), migrations().end()};
    steps.emplace_back(broken_step);
    auto database = connect(this->place(), Use::writing);
    ASSERT_TRUE(database);
    EXPECT_FALSE(migrate(**database, steps));
    EXPECT_FALSE((*database)->query("SELECT x FROM half", {}, nullptr));
    database->reset();
    EXPECT_TRUE(save(*open_store(this->place()), {feedback(1)}));
}

}  // namespace
}  // namespace cds::store
