// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/bounce_words.h"

#include <algorithm>

namespace waypost::email {
namespace {

using Words = std::string_view;  // of the tables: texts with | between them

constexpr std::size_t kMarkBytes = 120;  // a longer line is a sentence about something

constexpr Words kFailed =
    "not be delivered|n't be delivered|not been delivered.|was not delivered|wasn't delivered|"
    "not delivered to|message not delivered|mail not delivered|delivery has failed|"
    "delivery failed|delivery to the following recipient failed|"
    "delivery to the following recipients failed|failed permanently|"
    "to the following recipients was aborted|delivery failure|unable to deliver|"
    "not able to deliver|wasn't able to deliver|cannot deliver|can't deliver|could not deliver|"
    "couldn't deliver|cannot be delivered|error delivering your mail|undeliverable|"
    "undelivered mail|did not reach|could not be reached|did not receive your message|"
    "did not receive a copy of your message|had permanent fatal errors|"
    "had permanent fatal delivery errors|address failed|addresses failed|address(es) failed|"
    "failed addresses|failed recipients|permanent error|returned because|rejected your message|"
    "message was rejected|was automatically rejected|that you sent was rejected|unknown user|"
    "no such user|user unknown|invalid final delivery userid|mailbox is full: <|"
    "delivery problems|not match an|no mailbox here by that name|failure notice|failed mail|"
    "unable to find user|address not found|message blocked|non-delivery report|"
    "konnte nicht zugestellt werden|nicht zugestellt|unzustellbar|n'a pas pu être|"
    "n'a pas pu etre|non remis|n'a pas été remis|no pudo ser entregado|no se pudo entregar|"
    "no se ha podido entregar|não pôde ser entregue|nao pode ser enviada|não foi entregue|"
    "non è stato possibile consegnare|non recapitabile|kon niet worden bezorgd|"
    "niet worden afgeleverd|nie można dostarczyć|nie mogła zostać dostarczona|"
    "не может быть доставлено|е доставлено|е удалось доставить|"
    "无法投递|无法发送|无法送达|无法被发送|投递失败|邮件无法|"
    "配信できません|配信不能|送信できません";

constexpr Words kDelayed =
    "not yet been delivered|not been delivered yet|n't been delivered yet|yet to be delivered|"
    "been delayed|is delayed|delivery delayed|delivery incomplete|mail delayed|message delayed|"
    "delay reason|will be retried|will try to send it again|remains in the server queue|"
    "will retry|still being retried|retry for|will keep trying|keep trying|"
    "attempts will continue|will continue to attempt|will continue to try|"
    "will continue to be attempted|will continue to be made|delivery will be attempted|"
    "will be attempted again|warning message only|only a warning|just a warning|"
    "could not send message for past|still undelivered after|been postponed|"
    "temporary problem delivering|wird weiter versucht|verzögert|retardé|se ha retrasado|"
    "foi atrasad|è stata ritardata|vertraagd|opóźnion|задержив|щё не доставлено|"
    "ще не доставлено|延迟|遅延|遅れて";

constexpr Words kOriginal =
    "below this line is a copy|below the next line is a copy|original message follows|"
    "original message headers|this is a copy of the message|this is a copy of your message|"
    "header of the original message|message header follows|message headers follow|"
    "message header follow|message follows --|message follows.|---original message|"
    "--- original message|returned mail follows|- returned mail -|unsent message below|"
    "start of returned message|copy of the original message|header of the source mail|"
    "copy of the message header|- forwarded message -|of your original message follow|"
    "message text follows|original message as received|original message attached|old message:|"
    "header and top|message follows below|attachment is a copy|your message reads (in part)|"
    "undelivered message you sent follows|copy of the first part of the message|"
    "copy of your message follows|enclosed is a copy of the message|"
    "headers of the message follow|mensaje original|message original|originalnachricht|"
    "ursprüngliche nachrichtenkopfzeilen|ursprüngliche nachricht|исходное сообщение";

constexpr Words kAsks =
    "moderator|is being held|been held|awaiting approval|awaits approval|confirm that you|"
    "to confirm your|please confirm|not a spammer|you are human|you are a human|challenge|"
    "one-time confirmation|approve your message|click the link below to|"
    "click on the link below to|reply to this message to";

constexpr Words kHelp =
    "assistance|please contact|contact:|customer support|for help|if you need help|questions|"
    "system contact|forward this|administrator|feel this message|more information|message-id|"
    "message id|mail from:";

constexpr Words kSubjects =
    "undeliver|unzustellbar|nicht zustellbar|non-delivery|non delivery|nondelivery|"
    "nondeliverable|delivery status notification|delivery notification|delivery report|"
    "delivery failure|delivery failed|delivery has failed|delivery error|failed delivery|"
    "failure notice|failure delivery|failed mail|mail failed|mail failure|"
    "mail error|mail system error|mail delivery|mail undelivered|mail not delivered|"
    "mail could not be delivered|message delivery|message could not be delivered|"
    "message delayed|message not delivered|permanent delivery failure|email delivery failure|"
    "returned mail|returned to sender|returning message to sender|delayed mail|"
    "processing error|automatically rejected mail|rejected mail|"
    "warning: could not send message|warning: message|[postmaster] email delivery|"
    "rapport de non-remise|notification d'état de remise|no se puede entregar|non recapitabile|"
    "onbestelbaar|едоставлен|е доставлен|退信|投递失败|配信不能";

constexpr Words kPersonal =
    "re:|re :|aw:|fw:|fwd:|wg:|tr:|rv:|sv:|vs:|antw:|auto:|autoreply|auto-reply|auto reply|"
    "automatic reply|automatische antwort|out of office|out of the office|abwesen|vacation|"
    "away from|réponse automatique|respuesta automática|risposta automatica|"
    "resposta automática|автоответ|自动回复|自動返信";

constexpr Words kSystems =
    "mailer-daemon|mailerdaemon|mail-daemon|maildaemon|mdaemon@|postmaster@|postmaster\\@|"
    "mail delivery|mail.delivery.system|delivery subsystem|mail administrator|mailadm@|"
    "system administrator|<>";

// Texts of a table, one after the other.
Words take_mark(Words& marks) {
    const std::size_t end = std::min(marks.find('|'), marks.size());
    const Words mark = marks.substr(0, end);
    marks.remove_prefix(std::min(end + 1, marks.size()));
    return mark;
}

bool begins_with_any(Words text, Words marks) {
    while (!marks.empty()) {
        const Words mark = take_mark(marks);
        if (text.substr(0, mark.size()) == mark) return true;
    }
    return false;
}

}  // namespace

bool says_any(Words text, Words marks) {
    while (!marks.empty()) {
        if (text.find(take_mark(marks)) != Words::npos) return true;
    }
    return false;
}

bool says_failed(Words line) { return says_any(line, kFailed); }
bool says_delayed(Words line) { return says_any(line, kDelayed); }

bool begins_original(Words line) {
    return line.size() <= kMarkBytes &&
           (says_any(line, kOriginal) || line.substr(0, 15) == "received: from " ||
            line.substr(0, 14) == "return-path: <");
}

bool asks_for_something(Words line) { return says_any(line, kAsks); }
bool offers_help(Words line) { return says_any(line, kHelp); }

bool is_bounce_subject(Words subject) {
    if (subject.find("(delivery failed)") != Words::npos) return true;
    return begins_with_any(subject, kSubjects);
}

bool is_personal_subject(Words subject) { return begins_with_any(subject, kPersonal); }
bool is_mail_system(Words from) { return says_any(from, kSystems); }

}  // namespace waypost::email
