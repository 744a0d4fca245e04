/// What is special to a file: its rights, locks, a full disk, damage, and a process that is killed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <fstream>
#include <set>

#include "tests/store/kinds.hpp"

namespace cds::store {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;

unsigned mode(fs::path const& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0U;
}

/// What the store has told of its condition.
struct Watched {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> told;  ///< empty: it works

    Writer::Watch watch() {
        return [this](base::Result<void> const& condition) {
            std::lock_guard const lock{mutex};
            told.push_back(condition ? "" : condition.error().what);
            changed.notify_all();
        };
    }
    std::string wait(std::size_t times) {
        std::unique_lock lock{mutex};
        changed.wait(lock, [&] { return told.size() >= times; });
        return told[times - 1];
    }
};

TEST(SqliteFile, IsForItsUserAlone) {
    Folder const folder;
    auto const path = folder.path() / "a" / "b" / "store.db";
    auto const store = open_store(*find_place(path.string(), ""));
    ASSERT_TRUE(save(*store, {feedback(1)}));
    EXPECT_EQ(mode(path), 0600U);
    EXPECT_EQ(mode(path.string() + "-wal"), 0600U);
    EXPECT_EQ(mode(path.string() + "-shm"), 0600U);
    EXPECT_EQ(mode(path.parent_path()), 0700U);
    EXPECT_EQ(mode(path.parent_path().parent_path()), 0700U);
}

TEST(SqliteFile, LosesTheRightsOfOthers) {
    Folder const folder;
    auto const path = folder.path() / "store.db";
    auto const place = *find_place(path.string(), "");
    open_store(place)->close();
    fs::permissions(path, fs::perms{0644});
    open_store(place)->close();
    EXPECT_EQ(mode(path), 0600U);
}

TEST(SqliteFile, TheSettingsOfADurableCommitAreInForce) {
    Folder const folder;
    auto const database = open_for_writing(*find_place((folder.path() / "s.db").string(), ""));
    ASSERT_TRUE(database);
    auto const setting = [&](char const* pragma) {
        std::string found;
        EXPECT_TRUE((*database)->query(pragma, {},
                                       [&](Row const& row) { found = row.text(0).value_or(""); }));
        return found;
    };
    EXPECT_EQ(setting("PRAGMA journal_mode"), "wal");
    EXPECT_EQ(setting("PRAGMA synchronous"), "2");
    EXPECT_EQ(setting("PRAGMA foreign_keys"), "1");
    EXPECT_EQ(setting("PRAGMA secure_delete"), "1");
    EXPECT_EQ(setting("PRAGMA trusted_schema"), "0");
}

TEST(SqliteFile, WhereNothingCanBeWrittenTheStoreIsDownAndSaysWhy) {
    Folder const folder;
    std::ofstream{folder.path() / "file"} << "x";
    for (auto const& path : {folder.path() / "file" / "store.db", folder.path()}) {
        Watched watched;
        auto const store = open_store(*find_place(path.string(), ""), {}, watched.watch());
        EXPECT_THAT(watched.wait(1), HasSubstr("cannot be opened")) << path;
        EXPECT_FALSE(store->works());
        auto const outcome = save(*store, {feedback(1)});
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error().code, base::ErrorCode::store_unavailable);
    }
}

TEST(SqliteFile, ADamagedFileIsLeftAloneAndAGoodOneInItsPlaceIsTaken) {
    Folder const folder;
    auto const path = folder.path() / "store.db";
    std::ofstream{path} << std::string(8192, 'x');
    Watched watched;
    auto const store = open_store(*find_place(path.string(), ""), {}, watched.watch());
    EXPECT_THAT(watched.wait(1), HasSubstr("damaged"));
    EXPECT_FALSE(save(*store, {feedback(1)}));
    EXPECT_EQ(fs::file_size(path), 8192U);
    fs::rename(path, folder.path() / "aside.db");
    EXPECT_EQ(watched.wait(2), "") << "noticed without a restart and without a call";
    EXPECT_TRUE(save(*store, {feedback(1)}));
}

TEST(SqliteFile, ALockOfAnotherProgramIsAFailureThatPasses) {
    Folder const folder;
    auto const place = *find_place((folder.path() / "store.db").string(), "");
    Watched watched;
    auto const store = open_store(place, {}, watched.watch());
    auto const other = connect(place, Use::writing);
    ASSERT_TRUE(other && (*other)->begin());
    auto const outcome = save(*store, {feedback(1)});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::ErrorCode::store_unavailable);
    EXPECT_THAT(watched.wait(1), HasSubstr("Another program"));
    (*other)->roll_back();
    EXPECT_EQ(watched.wait(2), "");
    EXPECT_TRUE(save(*store, {feedback(1)}));
}

/// No file may be written while this lives: to a program that is a disk without room.
class NoRoom {
public:
    NoRoom() {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const tight{0, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~NoRoom() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    NoRoom(NoRoom const&) = delete;
    NoRoom& operator=(NoRoom const&) = delete;

private:
    rlimit before_{};
};

TEST(SqliteFile, ADiskWithoutRoomIsAFailureThatPassesAndHarmsNothing) {
    Folder const folder;
    auto const place = *find_place((folder.path() / "store.db").string(), "");
    Watched watched;
    auto const store = open_store(place, {}, watched.watch());
    ASSERT_TRUE(save(*store, {feedback(1)}));
    {
        NoRoom const full;
        EXPECT_FALSE(save(*store, {feedback(2)}));
        EXPECT_FALSE(store->works());
        EXPECT_NE(watched.wait(1), "");
        EXPECT_FALSE(save(*store, {feedback(3)}));
    }
    EXPECT_EQ(watched.wait(2), "");
    EXPECT_TRUE(save(*store, {feedback(4)}));
    auto const rows = all_feedback(place);
    ASSERT_EQ(rows.size(), 2U) << "what was not acknowledged is not there";
    auto const database = reader(place);
    std::string verdict;
    ASSERT_TRUE(database->query("PRAGMA integrity_check", {},
                                [&](Row const& row) { verdict = row.text(0).value_or(""); }));
    EXPECT_EQ(verdict, "ok");
}

/// Stores batches of three for as long as it lives, and says the number of each that was
/// acknowledged.
[[noreturn]] void store_without_end(Place const& place, int first, int tell) {
    auto const store = open_store(place);
    for (int batch = first;; ++batch) {
        std::vector<FeedbackRow> rows;
        for (int i = 0; i < 3; ++i) rows.push_back(feedback(batch * 3 + i));
        auto const acknowledged = [batch, tell](base::Result<void> const& outcome) {
            auto const line = std::to_string(batch) + "\n";
            if (outcome && ::write(tell, line.data(), line.size()) < 0) ::_exit(3);
        };
        while (!store->save(rows, acknowledged)) ::usleep(100);
    }
}

/// The numbers that the child could say before it was killed, at least `enough`.
std::set<int> kill_after(Place const& place, int first, std::size_t enough) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    auto const child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        store_without_end(place, first, ends[1]);
    }
    ::close(ends[1]);
    std::string said;
    std::array<char, 4096> bytes{};
    bool killed = false;
    for (auto count = ::read(ends[0], bytes.data(), bytes.size()); count > 0;
         count = ::read(ends[0], bytes.data(), bytes.size())) {
        said.append(bytes.data(), static_cast<std::size_t>(count));
        auto const lines = std::count(said.begin(), said.end(), '\n');
        if (killed || static_cast<std::size_t>(lines) < enough) continue;
        ::kill(child, SIGKILL);
        killed = true;
    }
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    std::set<int> batches;
    std::istringstream lines{said};
    for (std::string line; std::getline(lines, line);) {
        int number = -1;
        std::from_chars(line.data(), line.data() + line.size(), number);
        if (!lines.eof()) batches.insert(number);
    }
    return batches;
}

TEST(SqliteFile, AKilledProcessLosesNothingThatItAcknowledged) {
    Folder const folder;
    auto const place = *find_place((folder.path() / "store.db").string(), "");
    std::set<int> acknowledged;
    for (int round = 0; round < 6; ++round) {
        auto const enough = static_cast<std::size_t>(50 + 37 * round);
        auto const batches = kill_after(place, round * 100'000, enough);
        EXPECT_GE(batches.size(), enough);
        acknowledged.insert(batches.begin(), batches.end());
    }
    std::set<std::string> cards;
    for (auto const& row : all_feedback(place)) cards.insert(row.feedback.card);
    for (int const batch : acknowledged)
        for (int i = 0; i < 3; ++i) ASSERT_TRUE(cards.contains(uuid(batch * 3 + i))) << batch;
    EXPECT_EQ(cards.size() % 3, 0U) << "half a batch";
    EXPECT_TRUE(save(*open_store(place), {feedback(1)}));
}

TEST(Places, AreReadFromTheSetting) {
    auto const in_state = find_place("", "/var/lib/countersign:/other");
    EXPECT_EQ(in_state->address, "/var/lib/countersign/countersign.db");
    EXPECT_EQ(find_place("", "")->address, (fs::current_path() / "countersign.db").string());
    EXPECT_EQ(find_place("a/../x.db", "/s")->address, (fs::current_path() / "x.db").string());
    auto const there = find_place("postgres://me:secret@db.internal:5433/cds?sslmode=require", "");
    ASSERT_TRUE(there);
    EXPECT_EQ(there->kind, Place::Kind::postgresql);
    EXPECT_EQ(there->name, "postgresql database cds at db.internal");
    auto const wrong = find_place("postgresql://me:secret@db:port/cds?secret=1", "");
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().what, testing::Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace cds::store
