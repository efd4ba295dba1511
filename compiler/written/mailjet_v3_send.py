"""The ruleset 'send' of mailjet-v3 as Python.

Written by `python -m compiler.engine show mailjet-v3 send --module`; not to be changed by hand.
"""

# fmt: off
# ruff: noqa
# mypy: ignore-errors

import re

from compiler._message_functions import MESSAGE_FUNCTIONS
from compiler.engine.support import ABSENT
from compiler.engine.support import GiveUpError as GiveUpError
from compiler.engine.said import Said as Said
from compiler.engine.support import UNKNOWN
from compiler.engine.support import copied as copy_of
from compiler.engine.support import distinct as distinct
from compiler.engine.support import identities as identities
from compiler.engine.support import identity as identity
from compiler.engine.support import in_order as in_order
from compiler.engine.support import items_of as items_of
from compiler.engine.support import merged as merged
from compiler.engine.support import merged_into as merged_into
from compiler.engine.support import place as place
from compiler.engine.support import places as places
from compiler.engine.support import say as say
from compiler.engine.support import text as text
from compiler.engine.support import total as total
from compiler.engine.support import without as without
from compiler.engine.support import without_empties as without_empties
from compiler.engine.support import written as written

EMPTY_TYPES = frozenset({tuple, list, dict})
c1 = MESSAGE_FUNCTIONS['decoded'].apply
c2 = MESSAGE_FUNCTIONS['address_header'].apply
c3 = MESSAGE_FUNCTIONS['join'].apply
c4 = MESSAGE_FUNCTIONS['address_key'].apply
c5 = re.compile('[0-9]{1,4300}', 272)
c6 = MESSAGE_FUNCTIONS['whole_number'].apply
c7 = MESSAGE_FUNCTIONS['reply_to_header'].apply
c8 = MESSAGE_FUNCTIONS['lower_case'].apply
c9 = frozenset({'content-transfer-encoding', 'content-type', 'dkim-signature', 'mime-version', 'received', 'return-path', 'x-mailjet-campaign', 'x-mailjet-deduplicatecampaign', 'x-mailjet-prio', 'x-mailjet-trackclick', 'x-mailjet-trackopen'})
c10 = re.compile('x-mj-.*', 272)
c11 = {'x-mailjet-prio': 'use Mj-prio in esp_extra', 'x-mailjet-deduplicatecampaign': 'use Mj-deduplicatecampaign in esp_extra', 'x-mailjet-campaign': 'use tags', 'return-path': 'use envelope_sender', 'dkim-signature': 'leave it out; Mailjet signs the message', 'received': 'leave it out; servers write it on the way', 'mime-version': 'leave it out; Mailjet writes it', 'content-transfer-encoding': 'leave it out; Mailjet encodes the parts', 'content-type': 'leave it out; the types are those of body, alternatives and attachments'}
c12 = MESSAGE_FUNCTIONS['text'].apply
c13 = frozenset({'bcc', 'cc', 'content-transfer-encoding', 'content-type', 'dkim-signature', 'mime-version', 'received', 'return-path', 'to', 'x-mailjet-campaign', 'x-mailjet-deduplicatecampaign', 'x-mailjet-prio', 'x-mailjet-trackclick', 'x-mailjet-trackopen'})
c14 = MESSAGE_FUNCTIONS['json_text'].apply
c15 = frozenset({'advanceerrorhandling', 'customcampaign', 'customid', 'deduplicatecampaign', 'eventpayload', 'from', 'globals', 'htmlpart', 'inlinedattachments', 'monitoringcategory', 'priority', 'replyto', 'sandboxmode', 'templateerrordeliver', 'templateerrorreporting', 'templateid', 'templatelanguage', 'textpart', 'trackclicks', 'trackopens', 'urltags', 'variables'})
c18 = ['FromEmail', 'FromName', 'Sender', 'Recipients', 'To', 'Cc', 'Bcc', 'Subject', 'Text-part', 'Html-part', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'MJ-TemplateErrorReporting', 'MJ-TemplateErrorDeliver', 'Attachments', 'Inline_attachments', 'Mj-prio', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-trackopen', 'Mj-trackclick', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Headers', 'Vars', 'Messages']
c19 = ['from', 'replyto', 'textpart', 'htmlpart', 'templateid', 'templatelanguage', 'templateerrorreporting', 'templateerrordeliver', 'inlinedattachments', 'priority', 'customcampaign', 'deduplicatecampaign', 'trackopens', 'trackclicks', 'customid', 'eventpayload', 'monitoringcategory', 'variables', 'urltags', 'sandboxmode', 'globals', 'advanceerrorhandling']
c44 = ()
c45 = {(): {'fromemail': 'FromEmail', 'fromname': 'FromName', 'sender': 'Sender', 'recipients': 'Recipients', 'to': 'To', 'cc': 'Cc', 'bcc': 'Bcc', 'subject': 'Subject', 'text-part': 'Text-part', 'html-part': 'Html-part', 'mj-templateid': 'Mj-TemplateID', 'mj-templatelanguage': 'Mj-TemplateLanguage', 'mj-templateerrorreporting': 'MJ-TemplateErrorReporting', 'mj-templateerrordeliver': 'MJ-TemplateErrorDeliver', 'attachments': 'Attachments', 'inline_attachments': 'Inline_attachments', 'mj-prio': 'Mj-prio', 'mj-campaign': 'Mj-campaign', 'mj-deduplicatecampaign': 'Mj-deduplicatecampaign', 'mj-trackopen': 'Mj-trackopen', 'mj-trackclick': 'Mj-trackclick', 'mj-customid': 'Mj-CustomID', 'mj-eventpayload': 'Mj-EventPayLoad', 'mj-monitoringcategory': 'Mj-MonitoringCategory', 'headers': 'Headers', 'vars': 'Vars', 'messages': 'Messages'}, ('Headers', ): {'reply-to': 'Reply-To'}}
c46 = ('maxLength', 'maxItems', )
c47 = MESSAGE_FUNCTIONS['addresses'].apply
c48 = MESSAGE_FUNCTIONS['holds'].apply
c49 = ('=?', )
c50 = MESSAGE_FUNCTIONS['has_line_break'].apply
c51 = MESSAGE_FUNCTIONS['base64_size'].apply
c52 = frozenset({'bcc', 'cc', 'recipients', 'to'})
c53 = ('[[', ']]', )
c54 = ('{{', '}}', )
c55 = MESSAGE_FUNCTIONS['merge_fields'].apply
c58 = MESSAGE_FUNCTIONS['common_keys'].apply
c60 = {}
c95 = MESSAGE_FUNCTIONS['all_keys'].apply
c102 = MESSAGE_FUNCTIONS['nearest'].apply
c110 = {}
c111 = MESSAGE_FUNCTIONS['unread_merge_fields'].apply
c112 = frozenset({float, int})
c113 = MESSAGE_FUNCTIONS['content_id_references'].apply
c115 = MESSAGE_FUNCTIONS['unanswered_references'].apply
c122 = []
c123 = MESSAGE_FUNCTIONS['count'].apply
c124 = MESSAGE_FUNCTIONS['product'].apply
c125 = MESSAGE_FUNCTIONS['total'].apply
c126 = MESSAGE_FUNCTIONS['byte_length'].apply
c127 = frozenset({'Messages'})


def accepts(document, exempt):  # its guard is imported where it is asked
    from compiler.guards.payload import accepts

    return accepts(document)


def run(document, ignored, copied):
    try:
        get = document.get
        output = {}
        said = {}
        requires = []
        v38 = v39 = v84 = v123 = v136 = v137 = v138 = v139 = v147 = v159 = v165 = v216 = v220 = v225 = v428 = v565 = v566 = v571 = v572 = v576 = v577 = v605 = v627 = v645 = v652 = v708 = v798 = v1230 = v1236 = v1451 = v1570 = v2847 = v2887 = v2898 = v2907 = v3211 = v3221 = v3245 = v3258 = v3548 = v3567 = v3574 = v3588 = v3843 = v3851 = v3858 = v3901 = v3904 = UNKNOWN
        v1 = v2 = v3 = v4 = v5 = v6 = None
        v7 = get('header_from', ABSENT)
        v8 = get('from_email', ABSENT)
        v9 = get('envelope_sender', ABSENT)
        v10 = get('header_to', ABSENT)
        v11 = get('header_cc', ABSENT)
        v12 = get('header_bcc', ABSENT)
        v13 = get('cc', ABSENT)
        v14 = get('bcc', ABSENT)
        v15 = get('to', ABSENT)
        v16 = get('merge_data', ABSENT)
        v17 = get('from_defaults', ABSENT)
        v18 = get('merge_metadata', ABSENT)
        v19 = get('subject', ABSENT)
        v20 = get('text', ABSENT)
        v21 = get('html', ABSENT)
        v22 = get('other_parts', ABSENT)
        v23 = get('content_subtype', ABSENT)
        v24 = get('template_id', ABSENT)
        v25 = get('tags', ABSENT)
        v26 = get('send_at', ABSENT)
        v27 = get('merge_global_data', ABSENT)
        v28 = get('attachments', ABSENT)
        v29 = get('headers', ABSENT)
        v30 = get('header_reply_to', ABSENT)
        v31 = get('reply_to', ABSENT)
        v32 = get('esp_extra', ABSENT)
        v33 = get('metadata', ABSENT)
        v34 = get('track_clicks', ABSENT)
        v35 = get('track_opens', ABSENT)
        v36 = get('template_sender', ABSENT)
        # 'sender'
        v37 = v8[1:] if v8 is not ABSENT else ABSENT
        if v37:
            if ignored is not True and 'multiple from emails' not in ignored: return None
            if v39 is UNKNOWN:
                if v38 is UNKNOWN:
                    v38 = places('/from_email', v8)
                v39 = v38[1:]
            for v40 in v39:
                say(said, Said('warning', 'FeatureDropped', v40 or '', {'feature': 'multiple from emails'}, 'not supported: multiple from emails; ignored, as asked', 'A message has one sender; a From header is it, where there is one.', 'sender'))
        v41 = v7.get('email', ABSENT) if v7 is not ABSENT else ABSENT
        v42 = v41
        if v42 is ABSENT:
            v43 = v8[0] if v8 else ABSENT
            v44 = v43.get('email', ABSENT) if v43 is not ABSENT else ABSENT
            v42 = v44
        if v42 is not ABSENT:
            output['FromEmail'] = v42
        # 'sender-name'
        if v7 is not ABSENT:
            v46 = v7.get('name', ABSENT) if v7 is not ABSENT else ABSENT
            v47 = (v46 if '=?' not in v46 else c1(v46)) if v46 is not ABSENT else None
            v45 = (ABSENT if v47 is None else v47)
        else:
            v48 = v8[0] if v8 else ABSENT
            v49 = v48.get('name', ABSENT) if v48 is not ABSENT else ABSENT
            v50 = (v49 if '=?' not in v49 else c1(v49)) if v49 is not ABSENT else None
            v45 = (ABSENT if v50 is None else v50)
        if v45 is not ABSENT:
            output['FromName'] = v45
        # 'envelope-sender'
        if v9 is not ABSENT:
            v52 = v9.get('email', ABSENT) if v9 is not ABSENT else ABSENT
            v51 = v52
        else:
            if v7 is not ABSENT:
                v53 = v8[0] if v8 else ABSENT
                v54 = v53.get('email', ABSENT) if v53 is not ABSENT else ABSENT
                v51 = v54
            else:
                v51 = ABSENT
        if v51 is not ABSENT:
            output['Sender'] = v51
        # 'envelope-sender-name'
        v55 = v9.get('name', ABSENT) if v9 is not ABSENT else ABSENT
        if v55 is not ABSENT:
            if v55:
                say(said, Said('warning', 'NoEffect', '/envelope_sender', {'reason': 'sender-name'}, 'the envelope sender is a bare address; its name is not sent', 'give the name in from_email, or in a From header', 'envelope-sender-name', (), False))
        # 'spoofed-to'
        if v10 is not ABSENT:
            if ignored is not True and 'spoofed to header' not in ignored: return None
            for v56 in ['/header_to']:
                say(said, Said('warning', 'FeatureDropped', v56 or '', {'feature': 'spoofed to header'}, 'not supported: spoofed to header; ignored, as asked', 'Mailjet writes the To header itself.', 'spoofed-to'))
        # 'spoofed-cc'
        if v11 is not ABSENT:
            if ignored is not True and 'cc header' not in ignored: return None
            for v57 in ['/header_cc']:
                say(said, Said('warning', 'FeatureDropped', v57 or '', {'feature': 'cc header'}, 'not supported: cc header; ignored, as asked', 'A Cc header shows a copy that nobody gets.', 'spoofed-cc'))
        # 'spoofed-bcc'
        if v12 is not ABSENT:
            if ignored is not True and 'bcc header' not in ignored: return None
            for v58 in ['/header_bcc']:
                say(said, Said('warning', 'FeatureDropped', v58 or '', {'feature': 'bcc header'}, 'not supported: bcc header; ignored, as asked', 'A Bcc header shows a blind copy to everybody, and nobody gets it.', 'spoofed-bcc'))
        # 'recipients'
        if (v13 or v14):
            # 'to'
            v59 = [] if v15 is not ABSENT else ABSENT
            if v15:
                for v60 in v15:
                    v62 = c2(v60)
                    if v62 is not None:
                        v59.append(v62)
            v63 = (', '.join(v59) if v59 else c3(v59, ', ')) if v59 is not ABSENT else None
            if v63 is not None:
                output['To'] = v63
            # 'cc'
            v64 = [] if v13 is not ABSENT else ABSENT
            if v13:
                for v65 in v13:
                    v67 = c2(v65)
                    if v67 is not None:
                        v64.append(v67)
            v68 = (', '.join(v64) if v64 else c3(v64, ', ')) if v64 is not ABSENT else None
            if v68 is not None:
                output['Cc'] = v68
            # 'bcc'
            v69 = [] if v14 is not ABSENT else ABSENT
            if v14:
                for v70 in v14:
                    v72 = c2(v70)
                    if v72 is not None:
                        v69.append(v72)
            v73 = (', '.join(v69) if v69 else c3(v69, ', ')) if v69 is not ABSENT else None
            if v73 is not None:
                output['Bcc'] = v73
            pass
        else:
            # 'private-recipients'
            v74 = [] if v15 is not ABSENT else ABSENT
            if v15:
                for v75 in v15:
                    v77 = v75.get('name', ABSENT)
                    v78 = (v77 if '=?' not in v77 else c1(v77)) if v77 is not ABSENT else None
                    v79 = v16.get(v75['email'], ABSENT) if v16 is not ABSENT else ABSENT
                    v80 = copied(v79)
                    v81 = {'Email': v75['email']}
                    if v78 is not None:
                        v81['Name'] = v78
                    if v80:
                        v81['Vars'] = v80
                    v74.append(v81)
            if v74:
                output['Recipients'] = v74
        # 'merge-data-with-copies'
        if (v13 or v14):
            if v16 is not ABSENT:
                return None
        # 'visible-recipients'
        v98 = v15[1:] if v15 is not ABSENT else ABSENT
        v104 = v98
        if v104:
            v107 = not v13
            if not v107:
                if v84 is UNKNOWN:
                    v109 = set(v17)
                    v84 = v109
                v107 = ('cc' in v84)
            v115 = v107
            if v115:
                v118 = not v14
                if not v118:
                    if v84 is UNKNOWN:
                        v120 = set(v17)
                        v84 = v120
                    v118 = ('bcc' in v84)
                v115 = v118
            v104 = v115
        if v104:
            if v17:
                if v17:
                    for v121 in v17:
                        if v123 is UNKNOWN:
                            v123 = [*(['/cc'] if v13 is not ABSENT else ()), *(['/bcc'] if v14 is not ABSENT else ())]
                        say(said, Said('warning', 'RecipientsVisible', '/to', {}, 'everybody in to now sees everybody else, because of cc or bcc in the defaults', 'set cc and bcc to null in the message to send each recipient a private one', 'visible-recipients', tuple(each for each in v123[:100] if each is not None), False))
        # 'duplicate-recipients'
        v124 = ABSENT
        if v15 is not ABSENT:
            v124 = [*v124, *v15]
        if v13 is not ABSENT:
            v124 = [*v124, *v13]
        if v14 is not ABSENT:
            v124 = [*v124, *v14]
        v125 = [] if v124 is not ABSENT else ABSENT
        v126 = set()
        if v124:
            for v130 in v124:
                v132 = v130.get('email', ABSENT) if type(v130) is dict else ABSENT
                v133 = (v132.lower() if v132.isascii() else c4(v132)) if type(v132) is str else None
                if v133 is not None:
                    if v133 in v126:
                        v125.append(v130)
                    v126.add(v133)
        if v125:
            if v125:
                for v135, v134 in enumerate(v125):
                    if v147 is UNKNOWN:
                        if v139 is UNKNOWN:
                            if v136 is UNKNOWN:
                                v136 = places('/to', v15)
                            if v137 is UNKNOWN:
                                v137 = places('/cc', v13)
                            if v138 is UNKNOWN:
                                v138 = places('/bcc', v14)
                            v139 = [*v136, *v137, *v138]
                        v148 = []
                        v149 = set()
                        if v124:
                            for v151, v150 in enumerate(v124):
                                v152 = v150.get('email', ABSENT) if type(v150) is dict else ABSENT
                                v153 = (v152.lower() if v152.isascii() else c4(v152)) if type(v152) is str else None
                                if v153 is not None:
                                    v154 = identity(v153)
                                    if v154 in v149:
                                        v148.append(v139[v151])
                                    v149.add(v154)
                        v147 = v148
                    say(said, Said('warning', 'DuplicateRecipient', v147[v135] or '', {}, 'this address is among the recipients already', 'name each recipient once', 'duplicate-recipients', (), False))
        # 'unused-data'
        if v16:
            if v165 is UNKNOWN:
                if v159 is UNKNOWN:
                    v170 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v171 in v15:
                            v173 = v171['email'].lower() if v171['email'].isascii() else c4(v171['email'])
                            if v173 is not None:
                                v170.append(v173)
                    v159 = v170
                v174 = set(v159)
                v165 = v174
            for v175 in v16:
                v186 = v175.lower() if v175.isascii() else c4(v175)
                if not (v186 is not None and v186 in v165):
                    if v16:
                        for v196, v195 in enumerate(sorted(v16)):
                            v207 = v195.lower() if v195.isascii() else c4(v195)
                            if not (v207 is not None and v207 in v165):
                                if v216 is UNKNOWN:
                                    v216 = places('/merge_data', v16)
                                say(said, Said('warning', 'UnusedData', v216[v196] or '', {}, 'there is merge data for this address, which is not in to', 'check its spelling, or leave it out', 'unused-data', (), False))
                    break
        # 'case-mismatch'
        if v16:
            if v225 is UNKNOWN:
                if v220 is UNKNOWN:
                    v229 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v230 in v15:
                            v229.append(v230['email'])
                    v220 = v229
                v232 = set(v220)
                v225 = v232
            if v165 is UNKNOWN:
                if v159 is UNKNOWN:
                    v246 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v247 in v15:
                            v249 = v247['email'].lower() if v247['email'].isascii() else c4(v247['email'])
                            if v249 is not None:
                                v246.append(v249)
                    v159 = v246
                v250 = set(v159)
                v165 = v250
            for v251 in v16:
                v283 = not (v251 in v225)
                if v283:
                    v293 = v251.lower() if v251.isascii() else c4(v251)
                    v283 = (v293 is not None and v293 in v165)
                if v283:
                    if v16:
                        for v303, v302 in enumerate(sorted(v16)):
                            v335 = not (v302 in v225)
                            if v335:
                                v345 = v302.lower() if v302.isascii() else c4(v302)
                                v335 = (v345 is not None and v345 in v165)
                            if v335:
                                if v216 is UNKNOWN:
                                    v216 = places('/merge_data', v16)
                                say(said, Said('warning', 'CaseMismatch', v216[v303] or '', {}, 'this address is in to in another case; this merge data goes to nobody', 'spell it as in to', 'case-mismatch', (), False))
                    break
        # 'recipient-without-data'
        v358 = [] if v15 is not ABSENT else ABSENT
        if v15:
            for v359 in v15:
                v361 = v16.get(v359['email'], ABSENT) if v16 is not ABSENT else ABSENT
                if v361 is not ABSENT:
                    v358.append(v359)
        if v358:
            if v15:
                for v362 in v15:
                    v364 = v16.get(v362['email'], ABSENT) if v16 is not ABSENT else ABSENT
                    if not (v364 is not ABSENT):
                        if v15:
                            for v366, v365 in enumerate(v15):
                                v368 = v16.get(v365['email'], ABSENT) if v16 is not ABSENT else ABSENT
                                if not (v368 is not ABSENT):
                                    if v136 is UNKNOWN:
                                        v136 = places('/to', v15)
                                    say(said, Said('warning', 'RecipientWithoutData', v136[v366] or '', {}, 'this recipient has no merge data, and others have', 'give it an entry; an empty one if it needs no values', 'recipient-without-data', (), False))
                        break
        # 'merge-metadata-with-copies'
        if (v18 and (v13 or v14)):
            if v18 is not ABSENT:
                return None
        # 'unused-metadata'
        if v18:
            if v165 is UNKNOWN:
                if v159 is UNKNOWN:
                    v382 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v383 in v15:
                            v385 = v383['email'].lower() if v383['email'].isascii() else c4(v383['email'])
                            if v385 is not None:
                                v382.append(v385)
                    v159 = v382
                v386 = set(v159)
                v165 = v386
            for v387 in v18:
                v398 = v387.lower() if v387.isascii() else c4(v387)
                if not (v398 is not None and v398 in v165):
                    if v18:
                        for v408, v407 in enumerate(sorted(v18)):
                            v419 = v407.lower() if v407.isascii() else c4(v407)
                            if not (v419 is not None and v419 in v165):
                                if v428 is UNKNOWN:
                                    v428 = places('/merge_metadata', v18)
                                say(said, Said('warning', 'UnusedData', v428[v408] or '', {}, 'there is metadata for this address, which is not in to', 'check its spelling, or leave it out', 'unused-metadata', (), False))
                    break
        # 'metadata-case-mismatch'
        if v18:
            if v225 is UNKNOWN:
                if v220 is UNKNOWN:
                    v439 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v440 in v15:
                            v439.append(v440['email'])
                    v220 = v439
                v442 = set(v220)
                v225 = v442
            if v165 is UNKNOWN:
                if v159 is UNKNOWN:
                    v456 = [] if v15 is not ABSENT else ABSENT
                    if v15:
                        for v457 in v15:
                            v459 = v457['email'].lower() if v457['email'].isascii() else c4(v457['email'])
                            if v459 is not None:
                                v456.append(v459)
                    v159 = v456
                v460 = set(v159)
                v165 = v460
            for v461 in v18:
                v493 = not (v461 in v225)
                if v493:
                    v503 = v461.lower() if v461.isascii() else c4(v461)
                    v493 = (v503 is not None and v503 in v165)
                if v493:
                    if v18:
                        for v513, v512 in enumerate(sorted(v18)):
                            v545 = not (v512 in v225)
                            if v545:
                                v555 = v512.lower() if v512.isascii() else c4(v512)
                                v545 = (v555 is not None and v555 in v165)
                            if v545:
                                if v428 is UNKNOWN:
                                    v428 = places('/merge_metadata', v18)
                                say(said, Said('warning', 'CaseMismatch', v428[v513] or '', {}, 'this address is in to in another case; this metadata goes to nobody', 'spell it as in to', 'metadata-case-mismatch', (), False))
                    break
        # 'subject'
        if v19 is not ABSENT:
            output['Subject'] = v19
            v5 = 0
        # 'text'
        if v20 is not ABSENT:
            output['Text-part'] = v20
            v6 = 1
        # 'html'
        v564 = v21[1:] if v21 is not ABSENT else ABSENT
        if v564:
            if ignored is not True and 'multiple html parts' not in ignored: return None
            if v566 is UNKNOWN:
                if v565 is UNKNOWN:
                    v565 = places('/html', v21)
                v566 = v565[1:]
            for v567 in v566:
                say(said, Said('warning', 'FeatureDropped', v567 or '', {'feature': 'multiple html parts'}, 'not supported: multiple html parts; ignored, as asked', 'One HTML body; the last is the one Anymail keeps when it may.', 'html'))
        v569 = ABSENT
        if v21:
            v568 = v21[-1]
            v569 = v568['content']
        if v569 is not ABSENT:
            output['Html-part'] = v569
            v1 = 2
        # 'other-parts'
        v570 = v22 if v22 is not ABSENT else ABSENT
        if v570:
            if ignored is not True and 'alternative part' not in ignored: return None
            if v572 is UNKNOWN:
                if v571 is UNKNOWN:
                    v571 = places('/other_parts', v22)
                v572 = v571
            for v573 in v572:
                say(said, Said('warning', 'FeatureDropped', v573 or '', {'feature': 'alternative part'}, 'not supported: alternative part; ignored, as asked', 'Only text and HTML can be alternatives of each other.', 'other-parts'))
        # 'content-subtype'
        if v23 is not ABSENT:
            say(said, Said('warning', 'NoEffect', '/content_subtype', {'reason': 'no-body'}, 'there is no body whose type this could be', 'leave it out, or give a body', 'content-subtype', (), False))
        # 'template'
        if (v24 is not ABSENT and not (v24 is not ABSENT and c5.fullmatch(v24) is not None)):
            return None
        v574 = c6(v24) if v24 is not ABSENT else None
        if v574 is not None:
            output['Mj-TemplateID'] = v574
        # 'template-language'
        if v24 is not ABSENT:
            output['Mj-TemplateLanguage'] = True
            v2 = 3
        # 'tag'
        v575 = v25[1:] if v25 is not ABSENT else ABSENT
        if v575:
            if ignored is not True and 'multiple tags' not in ignored: return None
            if v577 is UNKNOWN:
                if v576 is UNKNOWN:
                    v576 = places('/tags', v25)
                v577 = v576[1:]
            for v578 in v577:
                say(said, Said('warning', 'FeatureDropped', v578 or '', {'feature': 'multiple tags'}, 'not supported: multiple tags; ignored, as asked', 'Mailjet groups messages by one campaign, so one tag fits.', 'tag'))
        v579 = v25[0] if v25 else ABSENT
        if v579 is not ABSENT:
            output['Mj-campaign'] = v579
        # 'send-at'
        if v26 is not ABSENT:
            if ignored is not True and 'send_at' not in ignored: return None
            for v580 in ['/send_at']:
                say(said, Said('warning', 'FeatureDropped', v580 or '', {'feature': 'send_at'}, 'not supported: send_at; ignored, as asked', "Mailjet's v3 API sends at once.", 'send-at'))
        # 'global-variables'
        v581 = copied(v27)
        if v581:
            output['Vars'] = v581
        # 'attachments'
        v582 = [] if v28 is not ABSENT else ABSENT
        if v28:
            for v583 in v28:
                if v583['inline'] is False:
                    v585 = v583.get('filename', ABSENT)
                    v586 = {'Content-type': v583['mimetype']}
                    if v585 is not ABSENT:
                        v586['Filename'] = v585
                    v586['content'] = v583['content']
                    v582.append(v586)
        if v582:
            output['Attachments'] = v582
        # 'inline-attachments'
        v587 = [] if v28 is not ABSENT else ABSENT
        if v28:
            for v588 in v28:
                if v588['inline'] is True:
                    v590 = v588.get('content_id', ABSENT)
                    v591 = {'Content-type': v588['mimetype']}
                    if v590 is not ABSENT:
                        v591['Filename'] = v590
                    v591['content'] = v588['content']
                    v587.append(v591)
        if v587:
            output['Inline_attachments'] = v587
        # 'inline-filename'
        if v28:
            for v592 in v28:
                v595 = v592['inline'] is True
                if v595:
                    v597 = v592.get('filename', ABSENT)
                    v595 = v597 is not ABSENT
                if v595:
                    if v28:
                        for v599, v598 in enumerate(v28):
                            v602 = v598['inline'] is True
                            if v602:
                                v604 = v598.get('filename', ABSENT)
                                v602 = v604 is not ABSENT
                            if v602:
                                if v605 is UNKNOWN:
                                    v605 = places('/attachments', v28)
                                say(said, Said('warning', 'NoEffect', place(v605[v599], 'filename') or '', {'reason': 'inline-filename'}, 'an inline attachment is named by its content_id; this name is not sent', 'leave it out, or attach the file without disposition inline', 'inline-filename', (), False))
                    break
        # 'plain-content-id'
        if v28:
            for v606 in v28:
                v609 = v606['inline'] is False
                if v609:
                    v611 = v606.get('content_id', ABSENT)
                    v609 = v611 is not ABSENT
                if v609:
                    if v28:
                        for v613, v612 in enumerate(v28):
                            v616 = v612['inline'] is False
                            if v616:
                                v618 = v612.get('content_id', ABSENT)
                                v616 = v618 is not ABSENT
                            if v616:
                                if v605 is UNKNOWN:
                                    v605 = places('/attachments', v28)
                                say(said, Said('warning', 'NoEffect', place(v605[v613], 'content_id') or '', {'reason': 'plain-content-id'}, 'a plain attachment has no content id; this one is not sent', 'set disposition to inline if the HTML refers to it', 'plain-content-id', (), False))
                    break
        # 'headers'
        v619 = copied(v29)
        if v619:
            output['Headers'] = v619
        # 'reply-to'
        v620 = v30
        if v620 is ABSENT:
            v620 = v31
        v621 = [] if v620 is not ABSENT else ABSENT
        if v620:
            for v622 in v620:
                v624 = c7(v622) if type(v622) is dict else None
                if v624 is not None:
                    v621.append(v624)
        v625 = (', '.join(v621) if v621 else c3(v621, ', ')) if v621 is not ABSENT else None
        if v625 is not None:
            v626 = output.get('Headers')
            output['Headers'] = {**v626, 'Reply-To': v625} if type(v626) is dict else {'Reply-To': v625}
        # 'reply-to-beside-header'
        if (v30 is not ABSENT and v31):
            if v627 is UNKNOWN:
                v627 = [*(['/header_reply_to'] if v30 is not ABSENT else ())]
            say(said, Said('warning', 'NoEffect', '/reply_to', {'reason': 'header-overrides'}, 'the Reply-To header is used instead of this', 'give one of them', 'reply-to-beside-header', tuple(each for each in v627[:100] if each is not None), False))
        # 'reserved-headers'
        if v29:
            for v628 in v29:
                v635 = v628.lower() if v628.isascii() else c8(v628)
                if ((v635 is not None and v635 in c9) or (v635 is not None and c10.fullmatch(v635) is not None)):
                    if v29:
                        for v637, v636 in enumerate(sorted(v29)):
                            v644 = v636.lower() if v636.isascii() else c8(v636)
                            if ((v644 is not None and v644 in c9) or (v644 is not None and c10.fullmatch(v644) is not None)):
                                if v645 is UNKNOWN:
                                    v645 = places('/headers', v29)
                                v646 = c11.get(v644, 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra') if type(v644) is str else 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra'
                                say(said, Said('warning', 'ReservedHeader', v645[v637] or '', {}, 'Mailjet writes this header itself, or acts on it', v646, 'reserved-headers', (), False))
                    break
        # 'esp-extra-headers'
        if v652 is UNKNOWN:
            v664 = ABSENT
            if v32:
                for v665 in sorted(v32):
                    v667 = v32[v665]
                    v668 = v665.lower() if v665.isascii() else c8(v665)
                    if v668 == 'headers':
                        v664 = v667
                        break
            v652 = v664
        if (type(v652) is dict):
            v658 = v652
        else:
            v658 = ABSENT
        if v658:
            for v670, v669 in enumerate((v658 if type(v658) is list else items_of(v658))):
                v686 = v669.get('key', ABSENT) if type(v669) is dict else ABSENT
                v687 = (v686 if type(v686) is str else c12(v686)) if v686 is not ABSENT else None
                v688 = (v687.lower() if v687.isascii() else c8(v687)) if v687 is not None else None
                if ((v688 is not None and v688 in c13) or (v688 is not None and c10.fullmatch(v688) is not None)):
                    return None
        # 'metadata'
        if not v18:
            v690 = c14(v33) if v33 is not ABSENT else None
            if v690 is not None:
                output['Mj-EventPayLoad'] = v690
        # 'track-clicks'
        v691 = 2 if v34 is True else 1 if v34 is False else ABSENT
        if v691 is not ABSENT:
            output['Mj-trackclick'] = v691
            v3 = 4
        # 'track-opens'
        v692 = 2 if v35 is True else 1 if v35 is False else ABSENT
        if v692 is not ABSENT:
            output['Mj-trackopen'] = v692
            v4 = 5
        # 'v3-1-properties'
        if v32:
            for v693 in v32:
                v696 = v693.lower() if v693.isascii() else c8(v693)
                if (v696 is not None and v696 in c15):
                    if v32:
                        for v697 in sorted(v32):
                            v701 = v697.lower() if v697.isascii() else c8(v697)
                            if (v701 is not None and v701 in c15):
                                return None
                    break
        # 'unknown-properties'
        if v32:
            if v708 is UNKNOWN:
                v709 = []
                for v710 in c18:
                    v712 = (v710.lower() if v710.isascii() else c8(v710)) if type(v710) is str else None
                    if v712 is not None:
                        v709.append(v712)
                v713 = ABSENT
                v713 = [*v713, *v709]
                v713 = [*v713, *c19]
                v714 = identities(v713)
                v708 = v714
            for v715 in v32:
                v738 = v715.lower() if v715.isascii() else c8(v715)
                if not (v738 is not None and v738 in v708):
                    if v32:
                        for v758, v757 in enumerate(sorted(v32)):
                            v779 = v757.lower() if v757.isascii() else c8(v757)
                            if not (v779 is not None and v779 in v708):
                                if v798 is UNKNOWN:
                                    v798 = places('/esp_extra', v32)
                                say(said, Said('warning', 'UnknownProperty', v798[v758] or '', {}, 'Mailjet documents no such property; it is passed on as it is', 'check its spelling; leave it out unless Mailjet told you of it', 'unknown-properties', (), False))
                    break
        # 'repeated-headers'
        v799 = [] if v652 is not ABSENT else ABSENT
        v800 = set()
        if v652:
            for v801 in (v652 if type(v652) is list else items_of(v652)):
                v803 = v801.get('key', ABSENT) if type(v801) is dict else ABSENT
                v804 = (v803 if type(v803) is str else c12(v803)) if v803 is not ABSENT else None
                v805 = (v804.lower() if v804.isascii() else c8(v804)) if v804 is not None else None
                if v805 is not None:
                    if v805 in v800:
                        v799.append(v801)
                    v800.add(v805)
        if v799:
            if v799:
                for v806 in v799:
                    return None
        # 'bulk-messages'
        if v32:
            for v808 in v32:
                v811 = v808.lower() if v808.isascii() else c8(v808)
                if v811 == 'messages':
                    if v32:
                        for v812 in sorted(v32):
                            v816 = v812.lower() if v812.isascii() else c8(v812)
                            if v816 == 'messages':
                                return None
                    break
        # 'esp-extra'
        v817 = copied(v32)
        if v817 is not ABSENT and v817 not in ([], {}):
            v818 = {}
            output = merged_into(output, c44, v817, c45, False, v818)
            if 'Html-part' in v818:
                v1 = 6
            if 'Mj-TemplateLanguage' in v818:
                v2 = 7
            if 'Mj-trackclick' in v818:
                v3 = 8
            if 'Mj-trackopen' in v818:
                v4 = 9
            if 'Subject' in v818:
                v5 = 10
            if 'Text-part' in v818:
                v6 = 11
        # 'stored-sender-name'
        v835 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v837 = v835 is not ABSENT
        if v837:
            v840 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v842 = not (v840 is not ABSENT)
            if v842:
                v844 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
                v842 = not (v844 is not ABSENT)
            v837 = v842
        if v837:
            v845 = v36.get('name', ABSENT) if v36 is not ABSENT else ABSENT
            v846 = (v845 if '=?' not in v845 else c1(v845)) if v845 is not ABSENT else None
            if v846 is not None:
                output['FromName'] = v846
        # 'stored-sender'
        v856 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v858 = v856 is not ABSENT
        if v858:
            v860 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v858 = not (v860 is not ABSENT)
        if v858:
            v861 = v36.get('email', ABSENT) if v36 is not ABSENT else ABSENT
            if v861 is not ABSENT:
                output['FromEmail'] = v861
        # 'payload-schema'
        if v32:
            if not accepts(output, c46): return None
        # 'esp-extra-addresses'
        if v32:
            v862 = output.get('To', ABSENT) if type(output) is dict else ABSENT
            if v862 is not ABSENT:
                v911 = (type(v862) is str) and (v862 or v862 == 0)
                if v911:
                    v943 = c47(v862) if type(v862) is str else None
                    v949 = not (v943 is not None)
                    if not v949:
                        v955 = [] if v943 is not None else ABSENT
                        if v943:
                            for v956 in (v943 or ()):
                                v958 = v956.get('email', ABSENT)
                                v959 = ((v958 in v862) if True else c48(v862, v958)) if type(v862) is str and v958 is not ABSENT else None
                                if v959 is False:
                                    v955.append(v956)
                        v949 = v955
                    v911 = v949
                if v911:
                    return None
            v960 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
            if v960 is not ABSENT:
                v1009 = (type(v960) is str) and (v960 or v960 == 0)
                if v1009:
                    v1041 = c47(v960) if type(v960) is str else None
                    v1047 = not (v1041 is not None)
                    if not v1047:
                        v1053 = [] if v1041 is not None else ABSENT
                        if v1041:
                            for v1054 in (v1041 or ()):
                                v1056 = v1054.get('email', ABSENT)
                                v1057 = ((v1056 in v960) if True else c48(v960, v1056)) if type(v960) is str and v1056 is not ABSENT else None
                                if v1057 is False:
                                    v1053.append(v1054)
                        v1047 = v1053
                    v1009 = v1047
                if v1009:
                    return None
            v1058 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
            if v1058 is not ABSENT:
                v1107 = (type(v1058) is str) and (v1058 or v1058 == 0)
                if v1107:
                    v1139 = c47(v1058) if type(v1058) is str else None
                    v1145 = not (v1139 is not None)
                    if not v1145:
                        v1151 = [] if v1139 is not None else ABSENT
                        if v1139:
                            for v1152 in (v1139 or ()):
                                v1154 = v1152.get('email', ABSENT)
                                v1155 = ((v1154 in v1058) if True else c48(v1058, v1154)) if type(v1058) is str and v1154 is not ABSENT else None
                                if v1155 is False:
                                    v1151.append(v1152)
                        v1145 = v1151
                    v1107 = v1145
                if v1107:
                    return None
        # 'esp-extra-sender'
        v1200 = v32
        if v1200:
            v1209 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v1215 = (type(v1209) is str) and (v1209 or v1209 == 0)
            if v1215:
                v1221 = c47(v1209) if type(v1209) is str else None
                v1222 = ABSENT
                if v1221:
                    for v1223 in (v1221 or ()):
                        v1225 = v1223.get('email', ABSENT)
                        if v1225 is not ABSENT:
                            v1222 = v1225
                            break
                v1215 = not (v1222 is not ABSENT and v1222 == v1209)
            v1200 = v1215
        if v1200:
            return None
        # 'esp-extra-envelope-sender'
        v1314 = v32
        if v1314:
            v1330 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
            v1343 = (type(v1330) is str) and (v1330 or v1330 == 0)
            if v1343:
                if v1236 is UNKNOWN:
                    if v1230 is UNKNOWN:
                        v1363 = c47(v1330) if type(v1330) is str else None
                        v1230 = v1363
                    v1364 = ABSENT
                    if v1230:
                        for v1365 in (v1230 or ()):
                            v1367 = v1365.get('email', ABSENT)
                            if v1367 is not ABSENT:
                                v1364 = v1367
                                break
                    v1236 = v1364
                v1343 = not (v1236 is not ABSENT and v1236 == v1330)
            v1314 = v1343
        if v1314:
            return None
        # 'esp-extra-error-reporting'
        v1409 = v32
        if v1409:
            v1417 = output.get('MJ-TemplateErrorReporting', ABSENT) if type(output) is dict else ABSENT
            v1423 = (type(v1417) is str)
            if v1423:
                v1429 = c47(v1417) if type(v1417) is str else None
                v1430 = ABSENT
                if v1429:
                    for v1431 in (v1429 or ()):
                        v1433 = v1431.get('email', ABSENT)
                        if v1433 is not ABSENT:
                            v1430 = v1433
                            break
                v1423 = not (v1430 is not ABSENT and v1430 == v1417)
            v1409 = v1423
        if v1409:
            return None
        # 'esp-extra-names'
        if v32:
            v1434 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
            v1435 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
            v1436 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
            v1437 = []
            if v1434 is not ABSENT:
                v1437.append(v1434)
            if v1435 is not ABSENT:
                v1437.append(v1435)
            if v1436 is not ABSENT:
                v1437.append(v1436)
            v1438 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v1439 = [] if v1438 is not ABSENT else ABSENT
            if v1438:
                for v1440 in (v1438 if type(v1438) is list else items_of(v1438)):
                    v1442 = v1440.get('Name', ABSENT) if type(v1440) is dict else ABSENT
                    if v1442 is not ABSENT:
                        v1439.append(v1442)
            v1443 = output.get('Headers', ABSENT) if type(output) is dict else ABSENT
            v1444 = [] if v1443 is not ABSENT else ABSENT
            if v1443:
                for v1445 in (v1443 if type(v1443) is list else items_of(v1443)):
                    v1447 = v1445.get('value', ABSENT) if type(v1445) is dict else ABSENT
                    if v1447 is not ABSENT:
                        v1444.append(v1447)
            if v1451 is UNKNOWN:
                v1452 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v1453 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v1454 = ABSENT
                if v1452 is not ABSENT:
                    v1454 = [*v1454, *(v1452 if type(v1452) is list else items_of(v1452))]
                if v1453 is not ABSENT:
                    v1454 = [*v1454, *(v1453 if type(v1453) is list else items_of(v1453))]
                v1451 = v1454
            v1455 = [] if v1451 is not ABSENT else ABSENT
            if v1451:
                for v1456 in v1451:
                    v1458 = v1456.get('Filename', ABSENT) if type(v1456) is dict else ABSENT
                    if v1458 is not ABSENT:
                        v1455.append(v1458)
            v1459 = ABSENT
            v1459 = [*v1459, *v1437]
            if v1439 is not ABSENT:
                v1459 = [*v1459, *v1439]
            if v1444 is not ABSENT:
                v1459 = [*v1459, *v1444]
            if v1455 is not ABSENT:
                v1459 = [*v1459, *v1455]
            if v1459:
                for v1460 in v1459:
                    v1463 = (type(v1460) is str and '=?' in v1460 and in_order(c49, v1460))
                    if v1463:
                        v1465 = c50(v1460) if type(v1460) is str else None
                        v1463 = v1465 is True
                    if v1463:
                        if v1459:
                            for v1466 in v1459:
                                v1470 = (type(v1466) is str and '=?' in v1466 and in_order(c49, v1466))
                                if v1470:
                                    v1472 = c50(v1466) if type(v1466) is str else None
                                    v1470 = v1472 is True
                                if v1470:
                                    return None
                        break
        # 'esp-extra-recipients'
        if v32:
            v1473 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            if v1473:
                for v1474 in (v1473 if type(v1473) is list else items_of(v1473)):
                    v1484 = v1474.get('Email', ABSENT) if type(v1474) is dict else ABSENT
                    v1490 = (type(v1484) is str) and (v1484 or v1484 == 0)
                    if v1490:
                        v1496 = c47(v1484) if type(v1484) is str else None
                        v1497 = ABSENT
                        if v1496:
                            for v1498 in (v1496 or ()):
                                v1500 = v1498.get('email', ABSENT)
                                if v1500 is not ABSENT:
                                    v1497 = v1500
                                    break
                        v1490 = not (v1497 is not ABSENT and v1497 == v1484)
                    if v1490:
                        return None
        # 'esp-extra-attachments'
        if v32:
            if v1451 is UNKNOWN:
                v1504 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v1505 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v1506 = ABSENT
                if v1504 is not ABSENT:
                    v1506 = [*v1506, *(v1504 if type(v1504) is list else items_of(v1504))]
                if v1505 is not ABSENT:
                    v1506 = [*v1506, *(v1505 if type(v1505) is list else items_of(v1505))]
                v1451 = v1506
            if v1451:
                for v1507 in v1451:
                    v1511 = v1507.get('content', ABSENT) if type(v1507) is dict else ABSENT
                    v1513 = (type(v1511) is str)
                    if v1513:
                        v1515 = c51(v1511) if type(v1511) is str else None
                        v1513 = not (v1515 is not None)
                    if v1513:
                        if v1451:
                            for v1516 in v1451:
                                v1521 = v1516.get('content', ABSENT) if type(v1516) is dict else ABSENT
                                v1523 = (type(v1521) is str)
                                if v1523:
                                    v1525 = c51(v1521) if type(v1521) is str else None
                                    v1523 = not (v1525 is not None)
                                if v1523:
                                    return None
                        break
        # 'merge-data-with-shared-esp-extra'
        v1614 = output.get('To', ABSENT) if type(output) is dict else ABSENT
        v1701 = (type(v1614) is str) and not (v13 or v14)
        if v1701:
            if v1570 is UNKNOWN:
                v1745 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v1746 in sorted(v32):
                        v1748 = v32[v1746]
                        v1759 = v1746.lower() if v1746.isascii() else c8(v1746)
                        v1769 = (v1759 is not None and v1759 in c52)
                        if v1769:
                            v1783 = v1748 == ''
                            if not v1783:
                                v1786 = v1748 if type(v1748) is str else c12(v1748)
                                v1787 = c47(v1786) if v1786 is not None else None
                                v1783 = (v1787 is not None or ((type(v1748) is list) and (v1748 or v1748 == 0)))
                            v1769 = v1783
                        if v1769:
                            v1745.append(v1748)
                v1570 = v1745
            v1701 = v1570
        if v1701:
            if v16 is not ABSENT:
                return None
        # 'recipients-of-esp-extra'
        v2133 = v18
        if v2133:
            if v1570 is UNKNOWN:
                v2177 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v2178 in sorted(v32):
                        v2180 = v32[v2178]
                        v2191 = v2178.lower() if v2178.isascii() else c8(v2178)
                        v2201 = (v2191 is not None and v2191 in c52)
                        if v2201:
                            v2215 = v2180 == ''
                            if not v2215:
                                v2218 = v2180 if type(v2180) is str else c12(v2180)
                                v2219 = c47(v2218) if v2218 is not None else None
                                v2215 = (v2219 is not None or ((type(v2180) is list) and (v2180 or v2180 == 0)))
                            v2201 = v2215
                        if v2201:
                            v2177.append(v2180)
                v1570 = v2177
            v2133 = v1570
        if v2133:
            return None
        # 'shared-or-private'
        v2540 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
        v2552 = (type(v2540) is list) and (v2540 or v2540 == 0)
        if v2552:
            v2567 = (type(v1614) is str)
            if not v2567:
                v2570 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
                v2572 = (type(v2570) is str)
                if not v2572:
                    v2574 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
                    v2572 = (type(v2574) is str)
                v2567 = v2572
            v2661 = v2567
            if v2661:
                if v1570 is UNKNOWN:
                    v2705 = [] if v32 is not ABSENT else ABSENT
                    if v32:
                        for v2706 in sorted(v32):
                            v2708 = v32[v2706]
                            v2719 = v2706.lower() if v2706.isascii() else c8(v2706)
                            v2729 = (v2719 is not None and v2719 in c52)
                            if v2729:
                                v2743 = v2708 == ''
                                if not v2743:
                                    v2746 = v2708 if type(v2708) is str else c12(v2708)
                                    v2747 = c47(v2746) if v2746 is not None else None
                                    v2743 = (v2747 is not None or ((type(v2708) is list) and (v2708 or v2708 == 0)))
                                v2729 = v2743
                            if v2729:
                                v2705.append(v2708)
                    v1570 = v2705
                v2661 = v1570
            v2552 = v2661
        if v2552:
            return None
        # 'some-recipient'
        if not ((v2540 or v2540 == 0) or (v1614 or v1614 == 0)):
            return None
        # 'some-sender'
        v2757 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
        v2759 = v2757 is not ABSENT
        if not v2759:
            v2761 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2759 = v2761 is not ABSENT
        if not v2759:
            return None
        # 'some-content'
        v2778 = output.get('Text-part', ABSENT) if type(output) is dict else ABSENT
        v2780 = (v2778 or v2778 == 0)
        if not v2780:
            v2783 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2785 = (v2783 or v2783 == 0)
            if not v2785:
                v2787 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2785 = v2787 is not ABSENT
            v2780 = v2785
        if not v2780:
            return None
        # 'some-subject'
        v2797 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
        v2799 = (v2797 or v2797 == 0)
        if not v2799:
            v2801 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2799 = v2801 is not ABSENT
        if not v2799:
            say(said, Said('warning', 'MissingSubject', '/subject', {}, 'there is no subject, and no template that might have one', 'give subject', 'some-subject', (), True))
        # 'template-sender'
        v2809 = not (v2757 is not ABSENT)
        if v2809:
            v2811 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2809 = v2811 is not ABSENT
        if v2809:
            v2812 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2813 = v2812 if type(v2812) is str else copy_of(v2812)
            requires.append({'kind': 'template_sender', **({'template_id': v2813} if v2813 is not ABSENT else {})})
        # 'template-overrides'
        v2815 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        if v2815 is not ABSENT:
            v2816 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2817 = []
            if v20 is not ABSENT:
                v2817.append(v20)
            if v2778 is not ABSENT:
                v2817.append(v2778)
            if v2816 is not ABSENT:
                v2817.append(v2816)
            v2818 = ABSENT
            v2818 = [*v2818, *v2817]
            if v21 is not ABSENT:
                v2818 = [*v2818, *v21]
            if v2818:
                for v2819 in v2818:
                    v2827 = ((type(v2819) is str) and (v2819 or v2819 == 0))
                    if not v2827:
                        v2829 = v2819.get('content', ABSENT) if type(v2819) is dict else ABSENT
                        v2827 = (v2829 or v2829 == 0)
                    if v2827:
                        if v2818:
                            for v2831, v2830 in enumerate(v2818):
                                v2839 = ((type(v2830) is str) and (v2830 or v2830 == 0))
                                if not v2839:
                                    v2841 = v2830.get('content', ABSENT) if type(v2830) is dict else ABSENT
                                    v2839 = (v2841 or v2841 == 0)
                                if v2839:
                                    v2842 = None
                                    if v6 == 1:
                                        v2842 = '/text'
                                    if v6 == 11:
                                        v2842 = place('/esp_extra', v818['Text-part'])
                                    v2843 = None
                                    if v1 == 2:
                                        if v2847 is UNKNOWN:
                                            if v565 is UNKNOWN:
                                                v565 = places('/html', v21)
                                            v2848 = []
                                            if v21:
                                                for v2850, v2849 in enumerate(v21):
                                                    v2848.append(place(v565[v2850], 'content'))
                                            v2847 = v2848
                                        v2843 = (v2847[-1] if v2847 else '/html')
                                    if v1 == 6:
                                        v2843 = place('/esp_extra', v818['Html-part'])
                                    if v565 is UNKNOWN:
                                        v565 = places('/html', v21)
                                    say(said, Said('warning', 'NoEffect', [*[*(['/text'] if v20 is not ABSENT else ()), *([v2842] if v2778 is not ABSENT else ()), *([v2843] if v2816 is not ABSENT else ())], *v565][v2831] or '', {'reason': 'template-overrides'}, "the template's own text and HTML are sent instead of this", 'leave the body out, or the template_id', 'template-overrides', (), False))
                        break
        # 'subject-merge-field'
        if (type(v2797) is str and '[[' in v2797 and in_order(c53, v2797)):
            v2851 = None
            if v5 == 0:
                v2851 = '/subject'
            if v5 == 10:
                v2851 = place('/esp_extra', v818['Subject'])
            say(said, Said('warning', 'NoEffect', v2851 or '', {'reason': 'subject-merge-field'}, '[[…]] is not filled in a subject; it would be sent as it stands', 'use a stored template, whose language {{…}} is filled in the subject too', 'subject-merge-field', (), False))
        # 'template-language-off'
        v2859 = v2815 is not ABSENT
        if not v2859:
            v2861 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            v2859 = v2861 is True
        if not v2859:
            if v2797 is not ABSENT:
                if (type(v2797) is str and '{{' in v2797 and in_order(c54, v2797)):
                    v2862 = None
                    if v5 == 0:
                        v2862 = '/subject'
                    if v5 == 10:
                        v2862 = place('/esp_extra', v818['Subject'])
                    say(said, Said('warning', 'NoEffect', v2862 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            if v2778 is not ABSENT:
                if (type(v2778) is str and '{{' in v2778 and in_order(c54, v2778)):
                    v2863 = None
                    if v6 == 1:
                        v2863 = '/text'
                    if v6 == 11:
                        v2863 = place('/esp_extra', v818['Text-part'])
                    say(said, Said('warning', 'NoEffect', v2863 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            v2864 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if v2864 is not ABSENT:
                if (type(v2864) is str and '{{' in v2864 and in_order(c54, v2864)):
                    v2865 = None
                    if v1 == 2:
                        if v2847 is UNKNOWN:
                            if v565 is UNKNOWN:
                                v565 = places('/html', v21)
                            v2869 = []
                            if v21:
                                for v2871, v2870 in enumerate(v21):
                                    v2869.append(place(v565[v2871], 'content'))
                            v2847 = v2869
                        v2865 = (v2847[-1] if v2847 else '/html')
                    if v1 == 6:
                        v2865 = place('/esp_extra', v818['Html-part'])
                    say(said, Said('warning', 'NoEffect', v2865 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
        # 'unknown-merge-field'
        if not (v2815 is not ABSENT):
            v2872 = ([] if '[[' not in v2778 else c55(v2778, '[[')) if type(v2778) is str else None
            v2873 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2874 = ([] if '[[' not in v2873 else c55(v2873, '[[')) if type(v2873) is str else None
            v2877 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            if v2877 is True:
                v2878 = ([] if '{{' not in v2778 else c55(v2778, '{{')) if type(v2778) is str else None
                v2879 = ([] if '{{' not in v2873 else c55(v2873, '{{')) if type(v2873) is str else None
                v2880 = ABSENT
                if v2878 is not None:
                    v2880 = [*v2880, *(v2878 or ())]
                if v2879 is not None:
                    v2880 = [*v2880, *(v2879 or ())]
                v2876 = v2880
            else:
                v2876 = ABSENT
            v2881 = ABSENT
            if v2872 is not None:
                v2881 = [*v2881, *(v2872 or ())]
            if v2874 is not None:
                v2881 = [*v2881, *(v2874 or ())]
            if v2876 is not ABSENT:
                v2881 = [*v2881, *v2876]
            if v2881:
                if v2907 is UNKNOWN:
                    if v2887 is UNKNOWN:
                        v2913 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                        v2914 = [] if v2913 is not ABSENT else ABSENT
                        if v2913:
                            for v2915 in (v2913 if type(v2913) is list else items_of(v2913)):
                                v2917 = v2915.get('key', ABSENT) if type(v2915) is dict else ABSENT
                                if v2917 is not ABSENT:
                                    v2914.append(v2917)
                        v2887 = v2914
                    if v2898 is UNKNOWN:
                        v2923 = [] if v2540 is not ABSENT else ABSENT
                        if v2540:
                            for v2924 in (v2540 if type(v2540) is list else items_of(v2540)):
                                v2926 = v2924.get('Vars', ABSENT) if type(v2924) is dict else ABSENT
                                v2927 = v2926
                                if v2927 is ABSENT:
                                    v2927 = c60
                                v2923.append(v2927)
                        v2898 = v2923
                    v2928 = c58(v2898) if v2898 is not ABSENT else None
                    v2929 = ABSENT
                    if v2887 is not ABSENT:
                        v2929 = [*v2929, *v2887]
                    if v2928 is not None:
                        v2929 = [*v2929, *(v2928 or ())]
                    v2930 = identities(v2929)
                    v2907 = v2930
                for v2931 in v2881:
                    if not (identity(v2931) in v2907):
                        if v2881:
                            for v3067, v3066 in enumerate(v2881):
                                if not (identity(v3066) in v2907):
                                    v3200 = None
                                    if v6 == 1:
                                        v3200 = '/text'
                                    if v6 == 11:
                                        v3200 = place('/esp_extra', v818['Text-part'])
                                    v3201 = None
                                    if v1 == 2:
                                        if v2847 is UNKNOWN:
                                            if v565 is UNKNOWN:
                                                v565 = places('/html', v21)
                                            v3205 = []
                                            if v21:
                                                for v3207, v3206 in enumerate(v21):
                                                    v3205.append(place(v565[v3207], 'content'))
                                            v2847 = v3205
                                        v3201 = (v2847[-1] if v2847 else '/html')
                                    if v1 == 6:
                                        v3201 = place('/esp_extra', v818['Html-part'])
                                    v3208 = []
                                    if v2877 is True:
                                        v3209 = None
                                        if v6 == 1:
                                            v3209 = '/text'
                                        if v6 == 11:
                                            v3209 = place('/esp_extra', v818['Text-part'])
                                        if v3211 is UNKNOWN:
                                            v3212 = ([] if '{{' not in v2778 else c55(v2778, '{{')) if type(v2778) is str else None
                                            v3211 = v3212
                                        v3213 = None
                                        if v1 == 2:
                                            if v2847 is UNKNOWN:
                                                if v565 is UNKNOWN:
                                                    v565 = places('/html', v21)
                                                v3217 = []
                                                if v21:
                                                    for v3219, v3218 in enumerate(v21):
                                                        v3217.append(place(v565[v3219], 'content'))
                                                v2847 = v3217
                                            v3213 = (v2847[-1] if v2847 else '/html')
                                        if v1 == 6:
                                            v3213 = place('/esp_extra', v818['Html-part'])
                                        if v3221 is UNKNOWN:
                                            v3222 = ([] if '{{' not in v2873 else c55(v2873, '{{')) if type(v2873) is str else None
                                            v3221 = v3222
                                        v3208 = [*[(v3209 if v3209 is not None else None)] * len((v3211 or ())), *[(v3213 if v3213 is not None else None)] * len((v3221 or ()))]
                                    v3223 = v3066 if type(v3066) is str else copied(v3066)
                                    if v3258 is UNKNOWN:
                                        if v2887 is UNKNOWN:
                                            v3332 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                                            v3333 = [] if v3332 is not ABSENT else ABSENT
                                            if v3332:
                                                for v3334 in (v3332 if type(v3332) is list else items_of(v3332)):
                                                    v3336 = v3334.get('key', ABSENT) if type(v3334) is dict else ABSENT
                                                    if v3336 is not ABSENT:
                                                        v3333.append(v3336)
                                            v2887 = v3333
                                        if v3245 is UNKNOWN:
                                            if v2898 is UNKNOWN:
                                                v3353 = [] if v2540 is not ABSENT else ABSENT
                                                if v2540:
                                                    for v3354 in (v2540 if type(v2540) is list else items_of(v2540)):
                                                        v3356 = v3354.get('Vars', ABSENT) if type(v3354) is dict else ABSENT
                                                        v3357 = v3356
                                                        if v3357 is ABSENT:
                                                            v3357 = c110
                                                        v3353.append(v3357)
                                                v2898 = v3353
                                            v3358 = c95(v2898) if v2898 is not ABSENT else None
                                            v3245 = v3358
                                        v3359 = ABSENT
                                        if v2887 is not ABSENT:
                                            v3359 = [*v3359, *v2887]
                                        if v3245 is not None:
                                            v3359 = [*v3359, *(v3245 or ())]
                                        v3258 = v3359
                                    v3360 = c102(v3066, v3258) if type(v3066) is str and v3258 is not ABSENT else None
                                    if v3360 is not None:
                                        v3361 = []
                                        v3361.append("did you mean '")
                                        if v3360 is not None:
                                            v3361.append(v3360)
                                        v3361.append("'?")
                                        v3362 = ''.join(v3361) if v3361 else c3(v3361, '')
                                        v3293 = (ABSENT if v3362 is None else v3362)
                                    else:
                                        v3293 = 'give a value in merge_data or merge_global_data, or a default: [[var:NAME:default]]'
                                    say(said, Said('warning', 'UnknownMergeField', [*[(v3200 if v3200 is not None else None)] * len((v2872 or ())), *[(v3201 if v3201 is not None else None)] * len((v2874 or ())), *v3208][v3067] or '', {'name': v3223}, 'some recipient has no value for a merge field, and it has no default', text(v3293), 'unknown-merge-field', (), False))
                        break
        # 'merge-field-syntax'
        if not (v2815 is not ABSENT):
            if v2778 is not ABSENT:
                v3402 = ([] if '[[' not in v2778 else c111(v2778, '[[')) if type(v2778) is str else None
                v3410 = v3402
                if not v3410:
                    v3420 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                    v3422 = v3420 is True
                    if v3422:
                        v3424 = ([] if '{{' not in v2778 else c111(v2778, '{{')) if type(v2778) is str else None
                        v3422 = v3424
                    v3410 = v3422
                if v3410:
                    v3425 = None
                    if v6 == 1:
                        v3425 = '/text'
                    if v6 == 11:
                        v3425 = place('/esp_extra', v818['Text-part'])
                    say(said, Said('warning', 'NoEffect', v3425 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
            v3426 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if v3426 is not ABSENT:
                v3466 = ([] if '[[' not in v3426 else c111(v3426, '[[')) if type(v3426) is str else None
                v3474 = v3466
                if not v3474:
                    v3484 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                    v3486 = v3484 is True
                    if v3486:
                        v3488 = ([] if '{{' not in v3426 else c111(v3426, '{{')) if type(v3426) is str else None
                        v3486 = v3488
                    v3474 = v3486
                if v3474:
                    v3489 = None
                    if v1 == 2:
                        if v2847 is UNKNOWN:
                            if v565 is UNKNOWN:
                                v565 = places('/html', v21)
                            v3493 = []
                            if v21:
                                for v3495, v3494 in enumerate(v21):
                                    v3493.append(place(v565[v3495], 'content'))
                            v2847 = v3493
                        v3489 = (v2847[-1] if v2847 else '/html')
                    if v1 == 6:
                        v3489 = place('/esp_extra', v818['Html-part'])
                    say(said, Said('warning', 'NoEffect', v3489 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
        # 'subject-merge-field-syntax'
        v3505 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
        v3507 = v3505 is True
        if v3507:
            v3509 = ([] if '{{' not in v2797 else c111(v2797, '{{')) if type(v2797) is str else None
            v3507 = v3509
        if v3507:
            v3510 = None
            if v5 == 0:
                v3510 = '/subject'
            if v5 == 10:
                v3510 = place('/esp_extra', v818['Subject'])
            say(said, Said('warning', 'NoEffect', v3510 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write {{var:NAME}} or {{var:NAME:default}}, without spaces around the name and with var in lower case', 'subject-merge-field-syntax', (), False))
        # 'needs-approval'
        v3524 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
        if v1236 is UNKNOWN:
            if v1230 is UNKNOWN:
                v3532 = c47(v3524) if type(v3524) is str else None
                v1230 = v3532
            v3533 = ABSENT
            if v1230:
                for v3534 in (v1230 or ()):
                    v3536 = v3534.get('email', ABSENT)
                    if v3536 is not ABSENT:
                        v3533 = v3536
                        break
            v1236 = v3533
        if (v1236 is not ABSENT and v1236 == v3524):
            v3538 = ABSENT
            if v32:
                for v3539 in sorted(v32):
                    v3541 = v32[v3539]
                    v3542 = v3539.lower() if v3539.isascii() else c8(v3539)
                    if v3542 == 'sender':
                        v3538 = v3541
                        break
            if v3548 is UNKNOWN:
                if v798 is UNKNOWN:
                    v798 = places('/esp_extra', v32)
                v3549 = []
                if v32:
                    for v3551, v3550 in enumerate(sorted(v32)):
                        v3553 = v3550.lower() if v3550.isascii() else c8(v3550)
                        if v3553 == 'sender':
                            v3549.append(v798[v3551])
                v3548 = v3549
            if v3538 is not ABSENT:
                v3537 = (v3548[0] if v3548 else '/esp_extra')
            else:
                if v9 is not ABSENT:
                    v3537 = '/envelope_sender'
                else:
                    if v8 is not ABSENT:
                        v3537 = '/from_email'
                    else:
                        v3537 = ((v3548[0] if v3548 else '/esp_extra') if (v3548[0] if v3548 else '/esp_extra') is not None else '/envelope_sender')
            say(said, Said('warning', 'NeedsApproval', v3537 or '', {}, 'Mailjet refuses an envelope sender of your own unless its support has allowed it for the account', 'leave it out if it was not allowed', 'needs-approval', (), False))
        # 'tracking-without-html'
        v3557 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
        if not ((v3557 or v3557 == 0) or v2815 is not ABSENT):
            v3558 = output.get('Mj-trackclick', ABSENT) if type(output) is dict else ABSENT
            if v3558 is not ABSENT:
                if (type(v3558) in c112 and 1 <= v3558 <= 2):
                    v3559 = None
                    if v3 == 4:
                        v3559 = '/track_clicks'
                    if v3 == 8:
                        v3559 = place('/esp_extra', v818['Mj-trackclick'])
                    say(said, Said('warning', 'NoEffect', v3559 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
            v3560 = output.get('Mj-trackopen', ABSENT) if type(output) is dict else ABSENT
            if v3560 is not ABSENT:
                if (type(v3560) in c112 and 1 <= v3560 <= 2):
                    v3561 = None
                    if v4 == 5:
                        v3561 = '/track_opens'
                    if v4 == 9:
                        v3561 = place('/esp_extra', v818['Mj-trackopen'])
                    say(said, Said('warning', 'NoEffect', v3561 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
        # 'unreferenced'
        if not (v2815 is not ABSENT):
            if v28:
                if v3574 is UNKNOWN:
                    if v3567 is UNKNOWN:
                        v3580 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                        v3581 = [] if v3580 is not ABSENT else ABSENT
                        if v3580:
                            for v3582 in (v3580 if type(v3580) is list else items_of(v3580)):
                                v3584 = v3582.get('Filename', ABSENT) if type(v3582) is dict else ABSENT
                                if v3584 is not ABSENT:
                                    v3581.append(v3584)
                        v3567 = v3581
                    v3585 = identities(v3567)
                    v3574 = v3585
                if v3588 is UNKNOWN:
                    v3589 = c113(v3557) if type(v3557) is str else None
                    v3590 = set((v3589 or ()))
                    v3588 = v3590
                for v3591 in v28:
                    v3618 = v3591['inline'] is True
                    if v3618:
                        v3633 = v3591.get('content_id', ABSENT)
                        v3618 = ((v3633 is not ABSENT and v3633 in v3574) and not (v3633 is not ABSENT and v3633 in v3588))
                    if v3618:
                        if v28:
                            for v3647, v3646 in enumerate(v28):
                                v3673 = v3646['inline'] is True
                                if v3673:
                                    v3688 = v3646.get('content_id', ABSENT)
                                    v3673 = ((v3688 is not ABSENT and v3688 in v3574) and not (v3688 is not ABSENT and v3688 in v3588))
                                if v3673:
                                    if v605 is UNKNOWN:
                                        v605 = places('/attachments', v28)
                                    say(said, Said('warning', 'NoEffect', v605[v3647] or '', {'reason': 'unreferenced'}, 'no cid: in the HTML refers to this inline attachment', 'refer to it as cid: and its content_id, or attach it without disposition inline', 'unreferenced', (), False))
                        break
        # 'dangling-reference'
        v3774 = not (v2815 is not ABSENT)
        if v3774:
            if v3567 is UNKNOWN:
                v3792 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v3793 = [] if v3792 is not ABSENT else ABSENT
                if v3792:
                    for v3794 in (v3792 if type(v3792) is list else items_of(v3792)):
                        v3796 = v3794.get('Filename', ABSENT) if type(v3794) is dict else ABSENT
                        if v3796 is not ABSENT:
                            v3793.append(v3796)
                v3567 = v3793
            v3797 = v3567
            if v3797 is ABSENT:
                v3797 = c122
            v3798 = c115(v3557, v3797) if type(v3557) is str else None
            v3774 = v3798
        if v3774:
            v3799 = None
            if v1 == 2:
                if v2847 is UNKNOWN:
                    if v565 is UNKNOWN:
                        v565 = places('/html', v21)
                    v3803 = []
                    if v21:
                        for v3805, v3804 in enumerate(v21):
                            v3803.append(place(v565[v3805], 'content'))
                    v2847 = v3803
                v3799 = (v2847[-1] if v2847 else '/html')
            if v1 == 6:
                v3799 = place('/esp_extra', v818['Html-part'])
            say(said, Said('warning', 'NoEffect', v3799 or '', {'reason': 'dangling-reference'}, 'the HTML refers by cid: to an attachment that is not there', 'attach the file with disposition inline and this content_id, or correct the reference', 'dangling-reference', (), False))
        # 'subject-length'
        if type(v2797) is str and len(v2797) > 255: return None
        # 'campaign-length'
        v3806 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
        if type(v3806) is str and len(v3806) > 255: return None
        # 'to-count'
        v3807 = c47(v1614) if type(v1614) is str else None
        v3808 = [] if v3807 is not None else ABSENT
        if v3807:
            for v3809 in (v3807 or ()):
                v3811 = v3809.get('email', ABSENT)
                v3812 = (v3811.lower() if v3811.isascii() else c4(v3811)) if v3811 is not ABSENT else None
                if v3812 is not None:
                    v3808.append(v3812)
        v3813 = distinct(v3808) if v3808 is not ABSENT else ABSENT
        if v3813 is not ABSENT and len(v3813) > 50: return None
        # 'cc-count'
        v3814 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
        v3815 = c47(v3814) if type(v3814) is str else None
        v3816 = [] if v3815 is not None else ABSENT
        if v3815:
            for v3817 in (v3815 or ()):
                v3819 = v3817.get('email', ABSENT)
                v3820 = (v3819.lower() if v3819.isascii() else c4(v3819)) if v3819 is not ABSENT else None
                if v3820 is not None:
                    v3816.append(v3820)
        v3821 = distinct(v3816) if v3816 is not ABSENT else ABSENT
        if v3821 is not ABSENT and len(v3821) > 50: return None
        # 'bcc-count'
        v3822 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
        v3823 = c47(v3822) if type(v3822) is str else None
        v3824 = [] if v3823 is not None else ABSENT
        if v3823:
            for v3825 in (v3823 or ()):
                v3827 = v3825.get('email', ABSENT)
                v3828 = (v3827.lower() if v3827.isascii() else c4(v3827)) if v3827 is not ABSENT else None
                if v3828 is not None:
                    v3824.append(v3828)
        v3829 = distinct(v3824) if v3824 is not ABSENT else ABSENT
        if v3829 is not ABSENT and len(v3829) > 50: return None
        # 'recipients-count'
        if type(v2540) is list and len(v2540) > 100: return None
        # 'attachments-size'
        if v1451 is UNKNOWN:
            v3833 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
            v3834 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
            v3835 = ABSENT
            if v3833 is not ABSENT:
                v3835 = [*v3835, *(v3833 if type(v3833) is list else items_of(v3833))]
            if v3834 is not ABSENT:
                v3835 = [*v3835, *(v3834 if type(v3834) is list else items_of(v3834))]
            v1451 = v3835
        v3836 = [] if v1451 is not ABSENT else ABSENT
        if v1451:
            for v3837 in v1451:
                v3839 = v3837.get('content', ABSENT) if type(v3837) is dict else ABSENT
                v3840 = c51(v3839) if type(v3839) is str else None
                if v18:
                    if v3843 is UNKNOWN:
                        v3844 = (len(v2540) if True else c123(v2540)) if type(v2540) is list else None
                        v3843 = v3844
                    v3841 = (ABSENT if v3843 is None else v3843)
                else:
                    v3841 = 1
                v3845 = (v3840 * v3841 if True else c124(v3840, v3841)) if type(v3840) is int and type(v3841) is int else None
                if v3845 is not None:
                    v3836.append(v3845)
        if v3836 is not ABSENT and total(v3836) > 15000000: return None
        # 'message-size'
        if v3858 is UNKNOWN:
            if v3851 is UNKNOWN:
                v3890 = [] if v1451 is not ABSENT else ABSENT
                if v1451:
                    for v3891 in v1451:
                        v3893 = v3891.get('content', ABSENT) if type(v3891) is dict else ABSENT
                        v3894 = c51(v3893) if type(v3893) is str else None
                        if v3894 is not None:
                            v3890.append(v3894)
                v3851 = v3890
            v3895 = c125(v3851) if v3851 is not ABSENT else None
            v3858 = v3895
        if v18:
            if v3843 is UNKNOWN:
                v3898 = (len(v2540) if True else c123(v2540)) if type(v2540) is list else None
                v3843 = v3898
            v3896 = (ABSENT if v3843 is None else v3843)
        else:
            v3896 = 1
        v3899 = (v3858 * v3896 if True else c124(v3858, v3896)) if type(v3858) is int and type(v3896) is int else None
        if not (v3899 is not None and 15000001 <= v3899 <= 9007199254740991):
            if v3901 is UNKNOWN:
                v3902 = (len(v2778) if v2778.isascii() else c126(v2778)) if type(v2778) is str else None
                v3901 = v3902
            if v3904 is UNKNOWN:
                v3905 = (len(v3557) if v3557.isascii() else c126(v3557)) if type(v3557) is str else None
                v3904 = v3905
            v3906 = []
            if v3901 is not None:
                v3906.append(v3901)
            if v3904 is not None:
                v3906.append(v3904)
            if v3858 is not None:
                v3906.append(v3858)
            v3907 = c125(v3906)
            v3908 = (v3907 * v3896 if True else c124(v3907, v3896)) if type(v3907) is int and type(v3896) is int else None
            v3909 = []
            if v3908 is not None:
                v3909.append(v3908)
            if True and total(v3909) > 15000000: return None
        output = without_empties(output)
        # 'own-messages'
        if v18:
            v3910 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v3911 = [] if v3910 is not ABSENT else ABSENT
            if v3910:
                for v3912 in (v3910 if type(v3910) is list else items_of(v3910)):
                    v3914 = without(output, c127)
                    v3915 = [v3912]
                    v3916 = output.get('Mj-EventPayLoad', ABSENT) if type(output) is dict else ABSENT
                    v3917 = v3916
                    if v3917 is ABSENT:
                        v3918 = v3912.get('Email', ABSENT) if type(v3912) is dict else ABSENT
                        v3919 = v18.get(v3918, ABSENT) if type(v18) is dict and type(v3918) is str else ABSENT
                        v3920 = merged((v33, v3919, ))
                        v3921 = c14(v3920) if v3920 is not ABSENT else None
                        v3917 = (ABSENT if v3921 is None else v3921)
                    v3922 = {}
                    if v3915:
                        v3922['Recipients'] = v3915
                    if (v3917 or type(v3917) not in EMPTY_TYPES):
                        v3922['Mj-EventPayLoad'] = v3917
                    v3923 = merged((v3914, v3922, ))
                    v3924 = copy_of(v3923)
                    if v3924 is not ABSENT:
                        v3911.append(v3924)
            v3925 = {}
            if v3911:
                v3925['Messages'] = v3911
            if v3925:
                output = written(output, c44, v3925)
                v1 = 12
                v2 = 13
                v3 = 14
                v4 = 15
                v5 = 16
                v6 = 17
        return output, tuple(said.values()) if said else (), tuple(requires)
    except GiveUpError:
        return None
