// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/calendar.h"

#include <gtest/gtest.h>

#include <chrono>

#include "bridges/email/mime/read_mail.h"

namespace waypost::email {
namespace {

// The box stands two hours east of Greenwich.
std::tm two_hours_east(std::time_t time) {
    std::tm local{};
    time += 7200;
    ::gmtime_r(&time, &local);
    return local;
}

std::string calendar(const std::string& method, const std::string& event) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:" + method +
           "\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20220401T000000Z\r\n" + event +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

std::string line(const std::string& method, const std::string& event) {
    return calendar_line(calendar(method, event), two_hours_east);
}

const std::string kCouncil =
    "DTSTART:20220503T120000Z\r\nDTEND:20220503T130000Z\r\nSUMMARY:Council\r\nLOCATION:Mill\r\n"
    "ORGANIZER;CN=Bob:mailto:bob@x.org\r\n";

TEST(Calendar, SaysWhatWhenWhereAndFromWhom) {
    EXPECT_EQ(line("REQUEST", kCouncil),
              "[invitation: Council, Tue 3 May 14:00-15:00, Mill; from Bob]");
    EXPECT_EQ(line("REQUEST", kCouncil + "SEQUENCE:2\r\n"),
              "[updated invitation: Council, Tue 3 May 14:00-15:00, Mill; from Bob]");
    EXPECT_EQ(line("CANCEL", kCouncil),
              "[cancelled: Council, Tue 3 May 14:00-15:00, Mill; from Bob]");
    EXPECT_EQ(line("REQUEST", kCouncil + "STATUS:CANCELLED\r\n"),
              "[cancelled: Council, Tue 3 May 14:00-15:00, Mill; from Bob]");
    EXPECT_EQ(line("PUBLISH", "DTSTART:20230503T120000Z\r\nSUMMARY:Fair\r\n"),
              "[event: Fair, Wed 3 May 2023 14:00]");
    EXPECT_EQ(line("REPLY", kCouncil + "ATTENDEE;PARTSTAT=DECLINED;CN=Ana:mailto:a@x.org\r\n"),
              "[Ana declines: Council, Tue 3 May 14:00-15:00, Mill]");
}

TEST(Calendar, DaysZonesAndRepetition) {
    EXPECT_EQ(line("REQUEST",
                   "DTSTART;VALUE=DATE:20220503\r\nDTEND;VALUE=DATE:20220504\r\n"
                   "SUMMARY:Holiday\r\n"),
              "[invitation: Holiday, Tue 3 May]");
    EXPECT_EQ(line("REQUEST",
                   "DTSTART;VALUE=DATE:20220503\r\nDTEND;VALUE=DATE:20220506\r\n"
                   "SUMMARY:Trip\r\n"),
              "[invitation: Trip, Tue 3 May-Thu 5 May]");
    EXPECT_EQ(line("REQUEST", "DTSTART:20220503T120000\r\nDURATION:PT90M\r\nSUMMARY:x\r\n"),
              "[invitation: x, Tue 3 May 12:00-13:30]")
        << "without a zone as written";
    EXPECT_EQ(line("REQUEST",
                   "DTSTART:20220503T230000Z\r\nDTEND:20220504T010000Z\r\n"
                   "SUMMARY:x\r\nRRULE:FREQ=WEEKLY;COUNT=5\r\n"),
              "[invitation: x, Wed 4 May 01:00-03:00, repeats by week]");
    EXPECT_EQ(line("REQUEST", "DTSTART;TZID=America/New_York:20220503T080000\r\nSUMMARY:x\r\n"),
              "[invitation: x, Tue 3 May 14:00]");
    const std::string zone =
        "BEGIN:VTIMEZONE\r\nTZID:Valley\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\n"
        "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0500\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    std::string own = calendar("REQUEST", "DTSTART;TZID=Valley:20220503T150000\r\nSUMMARY:x\r\n");
    own.insert(own.find("BEGIN:VEVENT"), zone);
    EXPECT_EQ(calendar_line(own, two_hours_east), "[invitation: x, Tue 3 May 12:00]");
}

TEST(Calendar, WhatIsHostileOrBrokenIsBounded) {
    EXPECT_EQ(calendar_line(""), "");
    EXPECT_EQ(calendar_line("no calendar"), "");
    EXPECT_EQ(calendar_line("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), "");
    EXPECT_EQ(line("REQUEST", "SUMMARY:a\\nb\r\n"), "[invitation: a b]");
    EXPECT_LE(line("REQUEST", "SUMMARY:" + std::string(5000, 'x') + "\r\n").size(), 120u);
    EXPECT_EQ(line("REQUEST", "DTSTART:99990101T000000Z\r\nSUMMARY:x\r\n"), "[invitation: x]");
    const auto began = std::chrono::steady_clock::now();
    std::string deep;
    while (deep.size() < 200'000) deep += "BEGIN:VCALENDAR\r\n";
    (void)calendar_line(deep);
    std::string many = "BEGIN:VCALENDAR\r\n";
    while (many.size() < 200'000) many += "BEGIN:VEVENT\r\nX:y\r\nEND:VEVENT\r\n";
    (void)calendar_line(many);
    std::string clock = calendar("REQUEST", "DTSTART;TZID=Z:20990503T150000\r\nSUMMARY:x\r\n");
    clock.insert(clock.find("BEGIN:VEVENT"),
                 "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:19000101T000000\r\n"
                 "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\n"
                 "END:VTIMEZONE\r\n");
    EXPECT_EQ(calendar_line(clock), "[invitation: x]");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    EXPECT_LT(took.count(), 3);
}

TEST(Calendar, AnInvitationIsReadWithItsText) {
    const std::string mail =
        "From: Bob <bob@x.org>\nSubject: Council\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=m\n\n--m\n"
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "Bring the map.\n--b\nContent-Type: text/html\n\n<p>Bring the map.</p>\n--b\n"
        "Content-Type: text/calendar; method=REQUEST\n\n" +
        calendar("REQUEST", "DTSTART:20220503T120000\nSUMMARY:Council\n") +
        "--b--\n--m\nContent-Type: application/ics; name=invite.ics\n"
        "Content-Disposition: attachment; filename=invite.ics\n\n" +
        calendar("REQUEST", "DTSTART:20220503T120000\nSUMMARY:Council\n") +
        "--m\nContent-Type: text/vcard; name=bob.vcf\n\nBEGIN:VCARD\nFN:Bob\nEND:VCARD\n--m--\n";
    const auto read = read_mail(mail);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->text, "[invitation: Council, Tue 3 May 12:00]\nBring the map.");
    ASSERT_EQ(read->attachments.size(), 2u);
    EXPECT_EQ(read->attachments[0].name, "invite.ics");
    EXPECT_EQ(read->attachments[1].name, "bob.vcf");
}

}  // namespace
}  // namespace waypost::email
