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
c9 = MESSAGE_FUNCTIONS['text'].apply
c10 = frozenset({'bcc', 'cc', 'content-transfer-encoding', 'content-type', 'dkim-signature', 'mime-version', 'received', 'return-path', 'to', 'x-mailjet-campaign', 'x-mailjet-deduplicatecampaign', 'x-mailjet-prio', 'x-mailjet-trackclick', 'x-mailjet-trackopen'})
c11 = re.compile('x-mj-.*', 272)
c12 = MESSAGE_FUNCTIONS['json_text'].apply
c13 = frozenset({'advanceerrorhandling', 'customcampaign', 'customid', 'deduplicatecampaign', 'eventpayload', 'from', 'globals', 'htmlpart', 'inlinedattachments', 'monitoringcategory', 'priority', 'replyto', 'sandboxmode', 'templateerrordeliver', 'templateerrorreporting', 'templateid', 'templatelanguage', 'textpart', 'trackclicks', 'trackopens', 'urltags', 'variables'})
c16 = ['FromEmail', 'FromName', 'Sender', 'Recipients', 'To', 'Cc', 'Bcc', 'Subject', 'Text-part', 'Html-part', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'MJ-TemplateErrorReporting', 'MJ-TemplateErrorDeliver', 'Attachments', 'Inline_attachments', 'Mj-prio', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-trackopen', 'Mj-trackclick', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Headers', 'Vars', 'Messages']
c17 = ['from', 'replyto', 'textpart', 'htmlpart', 'templateid', 'templatelanguage', 'templateerrorreporting', 'templateerrordeliver', 'inlinedattachments', 'priority', 'customcampaign', 'deduplicatecampaign', 'trackopens', 'trackclicks', 'customid', 'eventpayload', 'monitoringcategory', 'variables', 'urltags', 'sandboxmode', 'globals', 'advanceerrorhandling']
c42 = ()
c43 = {(): {'fromemail': 'FromEmail', 'fromname': 'FromName', 'sender': 'Sender', 'recipients': 'Recipients', 'to': 'To', 'cc': 'Cc', 'bcc': 'Bcc', 'subject': 'Subject', 'text-part': 'Text-part', 'html-part': 'Html-part', 'mj-templateid': 'Mj-TemplateID', 'mj-templatelanguage': 'Mj-TemplateLanguage', 'mj-templateerrorreporting': 'MJ-TemplateErrorReporting', 'mj-templateerrordeliver': 'MJ-TemplateErrorDeliver', 'attachments': 'Attachments', 'inline_attachments': 'Inline_attachments', 'mj-prio': 'Mj-prio', 'mj-campaign': 'Mj-campaign', 'mj-deduplicatecampaign': 'Mj-deduplicatecampaign', 'mj-trackopen': 'Mj-trackopen', 'mj-trackclick': 'Mj-trackclick', 'mj-customid': 'Mj-CustomID', 'mj-eventpayload': 'Mj-EventPayLoad', 'mj-monitoringcategory': 'Mj-MonitoringCategory', 'headers': 'Headers', 'vars': 'Vars', 'messages': 'Messages'}, ('Headers', ): {'reply-to': 'Reply-To'}}
c44 = ('maxLength', 'maxItems', )
c45 = MESSAGE_FUNCTIONS['addresses'].apply
c46 = MESSAGE_FUNCTIONS['holds'].apply
c47 = ('=?', )
c48 = MESSAGE_FUNCTIONS['has_line_break'].apply
c49 = MESSAGE_FUNCTIONS['base64_size'].apply
c50 = frozenset({'bcc', 'cc', 'recipients', 'to'})
c51 = ('[[', ']]', )
c52 = ('{{', '}}', )
c53 = MESSAGE_FUNCTIONS['merge_fields'].apply
c56 = MESSAGE_FUNCTIONS['common_keys'].apply
c58 = {}
c93 = MESSAGE_FUNCTIONS['all_keys'].apply
c100 = MESSAGE_FUNCTIONS['nearest'].apply
c108 = {}
c109 = MESSAGE_FUNCTIONS['unread_merge_fields'].apply
c110 = frozenset({float, int})
c111 = MESSAGE_FUNCTIONS['content_id_references'].apply
c113 = MESSAGE_FUNCTIONS['unanswered_references'].apply
c120 = []
c121 = MESSAGE_FUNCTIONS['byte_length'].apply
c122 = MESSAGE_FUNCTIONS['count'].apply
c123 = MESSAGE_FUNCTIONS['product'].apply
c124 = MESSAGE_FUNCTIONS['total'].apply
c125 = frozenset({'Messages'})


def accepts(document, exempt):  # its guard is imported where it is asked
    from compiler.guards.payload import accepts

    return accepts(document)


def run(document, ignored, copied):
    try:
        get = document.get
        output = {}
        said = {}
        requires = []
        v38 = v39 = v84 = v123 = v136 = v137 = v138 = v139 = v147 = v159 = v165 = v216 = v220 = v225 = v428 = v565 = v566 = v571 = v572 = v576 = v577 = v605 = v627 = v633 = v698 = v788 = v1220 = v1226 = v1441 = v1560 = v2837 = v2877 = v2888 = v2897 = v3201 = v3211 = v3235 = v3248 = v3538 = v3557 = v3564 = v3578 = v3823 = UNKNOWN
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
        if v633 is UNKNOWN:
            v634 = ABSENT
            if v32:
                for v635 in sorted(v32):
                    v637 = v32[v635]
                    v638 = v635.lower() if v635.isascii() else c8(v635)
                    if v638 == 'headers':
                        v634 = v637
                        break
            v633 = v634
        v639 = ABSENT
        if v29 is not ABSENT:
            v639 = [*v639, *(v29 if type(v29) is list else items_of(v29))]
        if v633 is not ABSENT:
            v639 = [*v639, *(v633 if type(v633) is list else items_of(v633))]
        if v639:
            for v640 in v639:
                v656 = v640.get('key', ABSENT) if type(v640) is dict else ABSENT
                v657 = (v656 if type(v656) is str else c9(v656)) if v656 is not ABSENT else None
                v658 = (v657.lower() if v657.isascii() else c8(v657)) if v657 is not None else None
                if ((v658 is not None and v658 in c10) or (v658 is not None and c11.fullmatch(v658) is not None)):
                    if v639:
                        for v660, v659 in enumerate(v639):
                            v676 = v659.get('key', ABSENT) if type(v659) is dict else ABSENT
                            v677 = (v676 if type(v676) is str else c9(v676)) if v676 is not ABSENT else None
                            v678 = (v677.lower() if v677.isascii() else c8(v677)) if v677 is not None else None
                            if ((v678 is not None and v678 in c10) or (v678 is not None and c11.fullmatch(v678) is not None)):
                                return None
                    break
        # 'metadata'
        if not v18:
            v680 = c12(v33) if v33 is not ABSENT else None
            if v680 is not None:
                output['Mj-EventPayLoad'] = v680
        # 'track-clicks'
        v681 = 2 if v34 is True else 1 if v34 is False else ABSENT
        if v681 is not ABSENT:
            output['Mj-trackclick'] = v681
            v3 = 4
        # 'track-opens'
        v682 = 2 if v35 is True else 1 if v35 is False else ABSENT
        if v682 is not ABSENT:
            output['Mj-trackopen'] = v682
            v4 = 5
        # 'v3-1-properties'
        if v32:
            for v683 in v32:
                v686 = v683.lower() if v683.isascii() else c8(v683)
                if (v686 is not None and v686 in c13):
                    if v32:
                        for v687 in sorted(v32):
                            v691 = v687.lower() if v687.isascii() else c8(v687)
                            if (v691 is not None and v691 in c13):
                                return None
                    break
        # 'unknown-properties'
        if v32:
            if v698 is UNKNOWN:
                v699 = []
                for v700 in c16:
                    v702 = (v700.lower() if v700.isascii() else c8(v700)) if type(v700) is str else None
                    if v702 is not None:
                        v699.append(v702)
                v703 = ABSENT
                v703 = [*v703, *v699]
                v703 = [*v703, *c17]
                v704 = identities(v703)
                v698 = v704
            for v705 in v32:
                v728 = v705.lower() if v705.isascii() else c8(v705)
                if not (v728 is not None and v728 in v698):
                    if v32:
                        for v748, v747 in enumerate(sorted(v32)):
                            v769 = v747.lower() if v747.isascii() else c8(v747)
                            if not (v769 is not None and v769 in v698):
                                if v788 is UNKNOWN:
                                    v788 = places('/esp_extra', v32)
                                say(said, Said('warning', 'UnknownProperty', v788[v748] or '', {}, 'Mailjet documents no such property; it is passed on as it is', 'check its spelling; leave it out unless Mailjet told you of it', 'unknown-properties', (), False))
                    break
        # 'repeated-headers'
        v789 = [] if v633 is not ABSENT else ABSENT
        v790 = set()
        if v633:
            for v791 in (v633 if type(v633) is list else items_of(v633)):
                v793 = v791.get('key', ABSENT) if type(v791) is dict else ABSENT
                v794 = (v793 if type(v793) is str else c9(v793)) if v793 is not ABSENT else None
                v795 = (v794.lower() if v794.isascii() else c8(v794)) if v794 is not None else None
                if v795 is not None:
                    if v795 in v790:
                        v789.append(v791)
                    v790.add(v795)
        if v789:
            if v789:
                for v796 in v789:
                    return None
        # 'bulk-messages'
        if v32:
            for v798 in v32:
                v801 = v798.lower() if v798.isascii() else c8(v798)
                if v801 == 'messages':
                    if v32:
                        for v802 in sorted(v32):
                            v806 = v802.lower() if v802.isascii() else c8(v802)
                            if v806 == 'messages':
                                return None
                    break
        # 'esp-extra'
        v807 = copied(v32)
        if v807 is not ABSENT and v807 not in ([], {}):
            v808 = {}
            output = merged_into(output, c42, v807, c43, False, v808)
            if 'Html-part' in v808:
                v1 = 6
            if 'Mj-TemplateLanguage' in v808:
                v2 = 7
            if 'Mj-trackclick' in v808:
                v3 = 8
            if 'Mj-trackopen' in v808:
                v4 = 9
            if 'Subject' in v808:
                v5 = 10
            if 'Text-part' in v808:
                v6 = 11
        # 'stored-sender-name'
        v825 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v827 = v825 is not ABSENT
        if v827:
            v830 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v832 = not (v830 is not ABSENT)
            if v832:
                v834 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
                v832 = not (v834 is not ABSENT)
            v827 = v832
        if v827:
            v835 = v36.get('name', ABSENT) if v36 is not ABSENT else ABSENT
            v836 = (v835 if '=?' not in v835 else c1(v835)) if v835 is not ABSENT else None
            if v836 is not None:
                output['FromName'] = v836
        # 'stored-sender'
        v846 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v848 = v846 is not ABSENT
        if v848:
            v850 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v848 = not (v850 is not ABSENT)
        if v848:
            v851 = v36.get('email', ABSENT) if v36 is not ABSENT else ABSENT
            if v851 is not ABSENT:
                output['FromEmail'] = v851
        # 'payload-schema'
        if v32:
            if not accepts(output, c44): return None
        # 'esp-extra-addresses'
        if v32:
            v852 = output.get('To', ABSENT) if type(output) is dict else ABSENT
            if v852 is not ABSENT:
                v901 = (type(v852) is str) and (v852 or v852 == 0)
                if v901:
                    v933 = c45(v852) if type(v852) is str else None
                    v939 = not (v933 is not None)
                    if not v939:
                        v945 = [] if v933 is not None else ABSENT
                        if v933:
                            for v946 in (v933 or ()):
                                v948 = v946.get('email', ABSENT)
                                v949 = ((v948 in v852) if True else c46(v852, v948)) if type(v852) is str and v948 is not ABSENT else None
                                if v949 is False:
                                    v945.append(v946)
                        v939 = v945
                    v901 = v939
                if v901:
                    return None
            v950 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
            if v950 is not ABSENT:
                v999 = (type(v950) is str) and (v950 or v950 == 0)
                if v999:
                    v1031 = c45(v950) if type(v950) is str else None
                    v1037 = not (v1031 is not None)
                    if not v1037:
                        v1043 = [] if v1031 is not None else ABSENT
                        if v1031:
                            for v1044 in (v1031 or ()):
                                v1046 = v1044.get('email', ABSENT)
                                v1047 = ((v1046 in v950) if True else c46(v950, v1046)) if type(v950) is str and v1046 is not ABSENT else None
                                if v1047 is False:
                                    v1043.append(v1044)
                        v1037 = v1043
                    v999 = v1037
                if v999:
                    return None
            v1048 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
            if v1048 is not ABSENT:
                v1097 = (type(v1048) is str) and (v1048 or v1048 == 0)
                if v1097:
                    v1129 = c45(v1048) if type(v1048) is str else None
                    v1135 = not (v1129 is not None)
                    if not v1135:
                        v1141 = [] if v1129 is not None else ABSENT
                        if v1129:
                            for v1142 in (v1129 or ()):
                                v1144 = v1142.get('email', ABSENT)
                                v1145 = ((v1144 in v1048) if True else c46(v1048, v1144)) if type(v1048) is str and v1144 is not ABSENT else None
                                if v1145 is False:
                                    v1141.append(v1142)
                        v1135 = v1141
                    v1097 = v1135
                if v1097:
                    return None
        # 'esp-extra-sender'
        v1190 = v32
        if v1190:
            v1199 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v1205 = (type(v1199) is str) and (v1199 or v1199 == 0)
            if v1205:
                v1211 = c45(v1199) if type(v1199) is str else None
                v1212 = ABSENT
                if v1211:
                    for v1213 in (v1211 or ()):
                        v1215 = v1213.get('email', ABSENT)
                        if v1215 is not ABSENT:
                            v1212 = v1215
                            break
                v1205 = not (v1212 is not ABSENT and v1212 == v1199)
            v1190 = v1205
        if v1190:
            return None
        # 'esp-extra-envelope-sender'
        v1304 = v32
        if v1304:
            v1320 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
            v1333 = (type(v1320) is str) and (v1320 or v1320 == 0)
            if v1333:
                if v1226 is UNKNOWN:
                    if v1220 is UNKNOWN:
                        v1353 = c45(v1320) if type(v1320) is str else None
                        v1220 = v1353
                    v1354 = ABSENT
                    if v1220:
                        for v1355 in (v1220 or ()):
                            v1357 = v1355.get('email', ABSENT)
                            if v1357 is not ABSENT:
                                v1354 = v1357
                                break
                    v1226 = v1354
                v1333 = not (v1226 is not ABSENT and v1226 == v1320)
            v1304 = v1333
        if v1304:
            return None
        # 'esp-extra-error-reporting'
        v1399 = v32
        if v1399:
            v1407 = output.get('MJ-TemplateErrorReporting', ABSENT) if type(output) is dict else ABSENT
            v1413 = (type(v1407) is str)
            if v1413:
                v1419 = c45(v1407) if type(v1407) is str else None
                v1420 = ABSENT
                if v1419:
                    for v1421 in (v1419 or ()):
                        v1423 = v1421.get('email', ABSENT)
                        if v1423 is not ABSENT:
                            v1420 = v1423
                            break
                v1413 = not (v1420 is not ABSENT and v1420 == v1407)
            v1399 = v1413
        if v1399:
            return None
        # 'esp-extra-names'
        if v32:
            v1424 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
            v1425 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
            v1426 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
            v1427 = []
            if v1424 is not ABSENT:
                v1427.append(v1424)
            if v1425 is not ABSENT:
                v1427.append(v1425)
            if v1426 is not ABSENT:
                v1427.append(v1426)
            v1428 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v1429 = [] if v1428 is not ABSENT else ABSENT
            if v1428:
                for v1430 in (v1428 if type(v1428) is list else items_of(v1428)):
                    v1432 = v1430.get('Name', ABSENT) if type(v1430) is dict else ABSENT
                    if v1432 is not ABSENT:
                        v1429.append(v1432)
            v1433 = output.get('Headers', ABSENT) if type(output) is dict else ABSENT
            v1434 = [] if v1433 is not ABSENT else ABSENT
            if v1433:
                for v1435 in (v1433 if type(v1433) is list else items_of(v1433)):
                    v1437 = v1435.get('value', ABSENT) if type(v1435) is dict else ABSENT
                    if v1437 is not ABSENT:
                        v1434.append(v1437)
            if v1441 is UNKNOWN:
                v1442 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v1443 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v1444 = ABSENT
                if v1442 is not ABSENT:
                    v1444 = [*v1444, *(v1442 if type(v1442) is list else items_of(v1442))]
                if v1443 is not ABSENT:
                    v1444 = [*v1444, *(v1443 if type(v1443) is list else items_of(v1443))]
                v1441 = v1444
            v1445 = [] if v1441 is not ABSENT else ABSENT
            if v1441:
                for v1446 in v1441:
                    v1448 = v1446.get('Filename', ABSENT) if type(v1446) is dict else ABSENT
                    if v1448 is not ABSENT:
                        v1445.append(v1448)
            v1449 = ABSENT
            v1449 = [*v1449, *v1427]
            if v1429 is not ABSENT:
                v1449 = [*v1449, *v1429]
            if v1434 is not ABSENT:
                v1449 = [*v1449, *v1434]
            if v1445 is not ABSENT:
                v1449 = [*v1449, *v1445]
            if v1449:
                for v1450 in v1449:
                    v1453 = (type(v1450) is str and '=?' in v1450 and in_order(c47, v1450))
                    if v1453:
                        v1455 = c48(v1450) if type(v1450) is str else None
                        v1453 = v1455 is True
                    if v1453:
                        if v1449:
                            for v1456 in v1449:
                                v1460 = (type(v1456) is str and '=?' in v1456 and in_order(c47, v1456))
                                if v1460:
                                    v1462 = c48(v1456) if type(v1456) is str else None
                                    v1460 = v1462 is True
                                if v1460:
                                    return None
                        break
        # 'esp-extra-recipients'
        if v32:
            v1463 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            if v1463:
                for v1464 in (v1463 if type(v1463) is list else items_of(v1463)):
                    v1474 = v1464.get('Email', ABSENT) if type(v1464) is dict else ABSENT
                    v1480 = (type(v1474) is str) and (v1474 or v1474 == 0)
                    if v1480:
                        v1486 = c45(v1474) if type(v1474) is str else None
                        v1487 = ABSENT
                        if v1486:
                            for v1488 in (v1486 or ()):
                                v1490 = v1488.get('email', ABSENT)
                                if v1490 is not ABSENT:
                                    v1487 = v1490
                                    break
                        v1480 = not (v1487 is not ABSENT and v1487 == v1474)
                    if v1480:
                        return None
        # 'esp-extra-attachments'
        if v32:
            if v1441 is UNKNOWN:
                v1494 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v1495 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v1496 = ABSENT
                if v1494 is not ABSENT:
                    v1496 = [*v1496, *(v1494 if type(v1494) is list else items_of(v1494))]
                if v1495 is not ABSENT:
                    v1496 = [*v1496, *(v1495 if type(v1495) is list else items_of(v1495))]
                v1441 = v1496
            if v1441:
                for v1497 in v1441:
                    v1501 = v1497.get('content', ABSENT) if type(v1497) is dict else ABSENT
                    v1503 = (type(v1501) is str)
                    if v1503:
                        v1505 = c49(v1501) if type(v1501) is str else None
                        v1503 = not (v1505 is not None)
                    if v1503:
                        if v1441:
                            for v1506 in v1441:
                                v1511 = v1506.get('content', ABSENT) if type(v1506) is dict else ABSENT
                                v1513 = (type(v1511) is str)
                                if v1513:
                                    v1515 = c49(v1511) if type(v1511) is str else None
                                    v1513 = not (v1515 is not None)
                                if v1513:
                                    return None
                        break
        # 'merge-data-with-shared-esp-extra'
        v1604 = output.get('To', ABSENT) if type(output) is dict else ABSENT
        v1691 = (type(v1604) is str) and not (v13 or v14)
        if v1691:
            if v1560 is UNKNOWN:
                v1735 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v1736 in sorted(v32):
                        v1738 = v32[v1736]
                        v1749 = v1736.lower() if v1736.isascii() else c8(v1736)
                        v1759 = (v1749 is not None and v1749 in c50)
                        if v1759:
                            v1773 = v1738 == ''
                            if not v1773:
                                v1776 = v1738 if type(v1738) is str else c9(v1738)
                                v1777 = c45(v1776) if v1776 is not None else None
                                v1773 = (v1777 is not None or ((type(v1738) is list) and (v1738 or v1738 == 0)))
                            v1759 = v1773
                        if v1759:
                            v1735.append(v1738)
                v1560 = v1735
            v1691 = v1560
        if v1691:
            if v16 is not ABSENT:
                return None
        # 'recipients-of-esp-extra'
        v2123 = v18
        if v2123:
            if v1560 is UNKNOWN:
                v2167 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v2168 in sorted(v32):
                        v2170 = v32[v2168]
                        v2181 = v2168.lower() if v2168.isascii() else c8(v2168)
                        v2191 = (v2181 is not None and v2181 in c50)
                        if v2191:
                            v2205 = v2170 == ''
                            if not v2205:
                                v2208 = v2170 if type(v2170) is str else c9(v2170)
                                v2209 = c45(v2208) if v2208 is not None else None
                                v2205 = (v2209 is not None or ((type(v2170) is list) and (v2170 or v2170 == 0)))
                            v2191 = v2205
                        if v2191:
                            v2167.append(v2170)
                v1560 = v2167
            v2123 = v1560
        if v2123:
            return None
        # 'shared-or-private'
        v2530 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
        v2542 = (type(v2530) is list) and (v2530 or v2530 == 0)
        if v2542:
            v2557 = (type(v1604) is str)
            if not v2557:
                v2560 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
                v2562 = (type(v2560) is str)
                if not v2562:
                    v2564 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
                    v2562 = (type(v2564) is str)
                v2557 = v2562
            v2651 = v2557
            if v2651:
                if v1560 is UNKNOWN:
                    v2695 = [] if v32 is not ABSENT else ABSENT
                    if v32:
                        for v2696 in sorted(v32):
                            v2698 = v32[v2696]
                            v2709 = v2696.lower() if v2696.isascii() else c8(v2696)
                            v2719 = (v2709 is not None and v2709 in c50)
                            if v2719:
                                v2733 = v2698 == ''
                                if not v2733:
                                    v2736 = v2698 if type(v2698) is str else c9(v2698)
                                    v2737 = c45(v2736) if v2736 is not None else None
                                    v2733 = (v2737 is not None or ((type(v2698) is list) and (v2698 or v2698 == 0)))
                                v2719 = v2733
                            if v2719:
                                v2695.append(v2698)
                    v1560 = v2695
                v2651 = v1560
            v2542 = v2651
        if v2542:
            return None
        # 'some-recipient'
        if not ((v2530 or v2530 == 0) or (v1604 or v1604 == 0)):
            return None
        # 'some-sender'
        v2747 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
        v2749 = v2747 is not ABSENT
        if not v2749:
            v2751 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2749 = v2751 is not ABSENT
        if not v2749:
            return None
        # 'some-content'
        v2768 = output.get('Text-part', ABSENT) if type(output) is dict else ABSENT
        v2770 = (v2768 or v2768 == 0)
        if not v2770:
            v2773 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2775 = (v2773 or v2773 == 0)
            if not v2775:
                v2777 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2775 = v2777 is not ABSENT
            v2770 = v2775
        if not v2770:
            return None
        # 'some-subject'
        v2787 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
        v2789 = (v2787 or v2787 == 0)
        if not v2789:
            v2791 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2789 = v2791 is not ABSENT
        if not v2789:
            say(said, Said('warning', 'MissingSubject', '/subject', {}, 'there is no subject, and no template that might have one', 'give subject', 'some-subject', (), True))
        # 'template-sender'
        v2799 = not (v2747 is not ABSENT)
        if v2799:
            v2801 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2799 = v2801 is not ABSENT
        if v2799:
            v2802 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2803 = v2802 if type(v2802) is str else copy_of(v2802)
            requires.append({'kind': 'template_sender', **({'template_id': v2803} if v2803 is not ABSENT else {})})
        # 'template-overrides'
        v2805 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        if v2805 is not ABSENT:
            v2806 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2807 = []
            if v20 is not ABSENT:
                v2807.append(v20)
            if v2768 is not ABSENT:
                v2807.append(v2768)
            if v2806 is not ABSENT:
                v2807.append(v2806)
            v2808 = ABSENT
            v2808 = [*v2808, *v2807]
            if v21 is not ABSENT:
                v2808 = [*v2808, *v21]
            if v2808:
                for v2809 in v2808:
                    v2817 = ((type(v2809) is str) and (v2809 or v2809 == 0))
                    if not v2817:
                        v2819 = v2809.get('content', ABSENT) if type(v2809) is dict else ABSENT
                        v2817 = (v2819 or v2819 == 0)
                    if v2817:
                        if v2808:
                            for v2821, v2820 in enumerate(v2808):
                                v2829 = ((type(v2820) is str) and (v2820 or v2820 == 0))
                                if not v2829:
                                    v2831 = v2820.get('content', ABSENT) if type(v2820) is dict else ABSENT
                                    v2829 = (v2831 or v2831 == 0)
                                if v2829:
                                    v2832 = None
                                    if v6 == 1:
                                        v2832 = '/text'
                                    if v6 == 11:
                                        v2832 = place('/esp_extra', v808['Text-part'])
                                    v2833 = None
                                    if v1 == 2:
                                        if v2837 is UNKNOWN:
                                            if v565 is UNKNOWN:
                                                v565 = places('/html', v21)
                                            v2838 = []
                                            if v21:
                                                for v2840, v2839 in enumerate(v21):
                                                    v2838.append(place(v565[v2840], 'content'))
                                            v2837 = v2838
                                        v2833 = (v2837[-1] if v2837 else '/html')
                                    if v1 == 6:
                                        v2833 = place('/esp_extra', v808['Html-part'])
                                    if v565 is UNKNOWN:
                                        v565 = places('/html', v21)
                                    say(said, Said('warning', 'NoEffect', [*[*(['/text'] if v20 is not ABSENT else ()), *([v2832] if v2768 is not ABSENT else ()), *([v2833] if v2806 is not ABSENT else ())], *v565][v2821] or '', {'reason': 'template-overrides'}, "the template's own text and HTML are sent instead of this", 'leave the body out, or the template_id', 'template-overrides', (), False))
                        break
        # 'subject-merge-field'
        if (type(v2787) is str and '[[' in v2787 and in_order(c51, v2787)):
            v2841 = None
            if v5 == 0:
                v2841 = '/subject'
            if v5 == 10:
                v2841 = place('/esp_extra', v808['Subject'])
            say(said, Said('warning', 'NoEffect', v2841 or '', {'reason': 'subject-merge-field'}, '[[…]] is not filled in a subject; it would be sent as it stands', 'use a stored template, whose language {{…}} is filled in the subject too', 'subject-merge-field', (), False))
        # 'template-language-off'
        v2849 = v2805 is not ABSENT
        if not v2849:
            v2851 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            v2849 = v2851 is True
        if not v2849:
            if v2787 is not ABSENT:
                if (type(v2787) is str and '{{' in v2787 and in_order(c52, v2787)):
                    v2852 = None
                    if v5 == 0:
                        v2852 = '/subject'
                    if v5 == 10:
                        v2852 = place('/esp_extra', v808['Subject'])
                    say(said, Said('warning', 'NoEffect', v2852 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            if v2768 is not ABSENT:
                if (type(v2768) is str and '{{' in v2768 and in_order(c52, v2768)):
                    v2853 = None
                    if v6 == 1:
                        v2853 = '/text'
                    if v6 == 11:
                        v2853 = place('/esp_extra', v808['Text-part'])
                    say(said, Said('warning', 'NoEffect', v2853 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            v2854 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if v2854 is not ABSENT:
                if (type(v2854) is str and '{{' in v2854 and in_order(c52, v2854)):
                    v2855 = None
                    if v1 == 2:
                        if v2837 is UNKNOWN:
                            if v565 is UNKNOWN:
                                v565 = places('/html', v21)
                            v2859 = []
                            if v21:
                                for v2861, v2860 in enumerate(v21):
                                    v2859.append(place(v565[v2861], 'content'))
                            v2837 = v2859
                        v2855 = (v2837[-1] if v2837 else '/html')
                    if v1 == 6:
                        v2855 = place('/esp_extra', v808['Html-part'])
                    say(said, Said('warning', 'NoEffect', v2855 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
        # 'unknown-merge-field'
        if not (v2805 is not ABSENT):
            v2862 = ([] if '[[' not in v2768 else c53(v2768, '[[')) if type(v2768) is str else None
            v2863 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2864 = ([] if '[[' not in v2863 else c53(v2863, '[[')) if type(v2863) is str else None
            v2867 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            if v2867 is True:
                v2868 = ([] if '{{' not in v2768 else c53(v2768, '{{')) if type(v2768) is str else None
                v2869 = ([] if '{{' not in v2863 else c53(v2863, '{{')) if type(v2863) is str else None
                v2870 = ABSENT
                if v2868 is not None:
                    v2870 = [*v2870, *(v2868 or ())]
                if v2869 is not None:
                    v2870 = [*v2870, *(v2869 or ())]
                v2866 = v2870
            else:
                v2866 = ABSENT
            v2871 = ABSENT
            if v2862 is not None:
                v2871 = [*v2871, *(v2862 or ())]
            if v2864 is not None:
                v2871 = [*v2871, *(v2864 or ())]
            if v2866 is not ABSENT:
                v2871 = [*v2871, *v2866]
            if v2871:
                if v2897 is UNKNOWN:
                    if v2877 is UNKNOWN:
                        v2903 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                        v2904 = [] if v2903 is not ABSENT else ABSENT
                        if v2903:
                            for v2905 in (v2903 if type(v2903) is list else items_of(v2903)):
                                v2907 = v2905.get('key', ABSENT) if type(v2905) is dict else ABSENT
                                if v2907 is not ABSENT:
                                    v2904.append(v2907)
                        v2877 = v2904
                    if v2888 is UNKNOWN:
                        v2913 = [] if v2530 is not ABSENT else ABSENT
                        if v2530:
                            for v2914 in (v2530 if type(v2530) is list else items_of(v2530)):
                                v2916 = v2914.get('Vars', ABSENT) if type(v2914) is dict else ABSENT
                                v2917 = v2916
                                if v2917 is ABSENT:
                                    v2917 = c58
                                v2913.append(v2917)
                        v2888 = v2913
                    v2918 = c56(v2888) if v2888 is not ABSENT else None
                    v2919 = ABSENT
                    if v2877 is not ABSENT:
                        v2919 = [*v2919, *v2877]
                    if v2918 is not None:
                        v2919 = [*v2919, *(v2918 or ())]
                    v2920 = identities(v2919)
                    v2897 = v2920
                for v2921 in v2871:
                    if not (identity(v2921) in v2897):
                        if v2871:
                            for v3057, v3056 in enumerate(v2871):
                                if not (identity(v3056) in v2897):
                                    v3190 = None
                                    if v6 == 1:
                                        v3190 = '/text'
                                    if v6 == 11:
                                        v3190 = place('/esp_extra', v808['Text-part'])
                                    v3191 = None
                                    if v1 == 2:
                                        if v2837 is UNKNOWN:
                                            if v565 is UNKNOWN:
                                                v565 = places('/html', v21)
                                            v3195 = []
                                            if v21:
                                                for v3197, v3196 in enumerate(v21):
                                                    v3195.append(place(v565[v3197], 'content'))
                                            v2837 = v3195
                                        v3191 = (v2837[-1] if v2837 else '/html')
                                    if v1 == 6:
                                        v3191 = place('/esp_extra', v808['Html-part'])
                                    v3198 = []
                                    if v2867 is True:
                                        v3199 = None
                                        if v6 == 1:
                                            v3199 = '/text'
                                        if v6 == 11:
                                            v3199 = place('/esp_extra', v808['Text-part'])
                                        if v3201 is UNKNOWN:
                                            v3202 = ([] if '{{' not in v2768 else c53(v2768, '{{')) if type(v2768) is str else None
                                            v3201 = v3202
                                        v3203 = None
                                        if v1 == 2:
                                            if v2837 is UNKNOWN:
                                                if v565 is UNKNOWN:
                                                    v565 = places('/html', v21)
                                                v3207 = []
                                                if v21:
                                                    for v3209, v3208 in enumerate(v21):
                                                        v3207.append(place(v565[v3209], 'content'))
                                                v2837 = v3207
                                            v3203 = (v2837[-1] if v2837 else '/html')
                                        if v1 == 6:
                                            v3203 = place('/esp_extra', v808['Html-part'])
                                        if v3211 is UNKNOWN:
                                            v3212 = ([] if '{{' not in v2863 else c53(v2863, '{{')) if type(v2863) is str else None
                                            v3211 = v3212
                                        v3198 = [*[(v3199 if v3199 is not None else None)] * len((v3201 or ())), *[(v3203 if v3203 is not None else None)] * len((v3211 or ()))]
                                    v3213 = v3056 if type(v3056) is str else copied(v3056)
                                    if v3248 is UNKNOWN:
                                        if v2877 is UNKNOWN:
                                            v3322 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                                            v3323 = [] if v3322 is not ABSENT else ABSENT
                                            if v3322:
                                                for v3324 in (v3322 if type(v3322) is list else items_of(v3322)):
                                                    v3326 = v3324.get('key', ABSENT) if type(v3324) is dict else ABSENT
                                                    if v3326 is not ABSENT:
                                                        v3323.append(v3326)
                                            v2877 = v3323
                                        if v3235 is UNKNOWN:
                                            if v2888 is UNKNOWN:
                                                v3343 = [] if v2530 is not ABSENT else ABSENT
                                                if v2530:
                                                    for v3344 in (v2530 if type(v2530) is list else items_of(v2530)):
                                                        v3346 = v3344.get('Vars', ABSENT) if type(v3344) is dict else ABSENT
                                                        v3347 = v3346
                                                        if v3347 is ABSENT:
                                                            v3347 = c108
                                                        v3343.append(v3347)
                                                v2888 = v3343
                                            v3348 = c93(v2888) if v2888 is not ABSENT else None
                                            v3235 = v3348
                                        v3349 = ABSENT
                                        if v2877 is not ABSENT:
                                            v3349 = [*v3349, *v2877]
                                        if v3235 is not None:
                                            v3349 = [*v3349, *(v3235 or ())]
                                        v3248 = v3349
                                    v3350 = c100(v3056, v3248) if type(v3056) is str and v3248 is not ABSENT else None
                                    if v3350 is not None:
                                        v3351 = []
                                        v3351.append("did you mean '")
                                        if v3350 is not None:
                                            v3351.append(v3350)
                                        v3351.append("'?")
                                        v3352 = ''.join(v3351) if v3351 else c3(v3351, '')
                                        v3283 = (ABSENT if v3352 is None else v3352)
                                    else:
                                        v3283 = 'give a value in merge_data or merge_global_data, or a default: [[var:NAME:default]]'
                                    say(said, Said('warning', 'UnknownMergeField', [*[(v3190 if v3190 is not None else None)] * len((v2862 or ())), *[(v3191 if v3191 is not None else None)] * len((v2864 or ())), *v3198][v3057] or '', {'name': v3213}, 'some recipient has no value for a merge field, and it has no default', text(v3283), 'unknown-merge-field', (), False))
                        break
        # 'merge-field-syntax'
        if not (v2805 is not ABSENT):
            if v2768 is not ABSENT:
                v3392 = ([] if '[[' not in v2768 else c109(v2768, '[[')) if type(v2768) is str else None
                v3400 = v3392
                if not v3400:
                    v3410 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                    v3412 = v3410 is True
                    if v3412:
                        v3414 = ([] if '{{' not in v2768 else c109(v2768, '{{')) if type(v2768) is str else None
                        v3412 = v3414
                    v3400 = v3412
                if v3400:
                    v3415 = None
                    if v6 == 1:
                        v3415 = '/text'
                    if v6 == 11:
                        v3415 = place('/esp_extra', v808['Text-part'])
                    say(said, Said('warning', 'NoEffect', v3415 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
            v3416 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if v3416 is not ABSENT:
                v3456 = ([] if '[[' not in v3416 else c109(v3416, '[[')) if type(v3416) is str else None
                v3464 = v3456
                if not v3464:
                    v3474 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                    v3476 = v3474 is True
                    if v3476:
                        v3478 = ([] if '{{' not in v3416 else c109(v3416, '{{')) if type(v3416) is str else None
                        v3476 = v3478
                    v3464 = v3476
                if v3464:
                    v3479 = None
                    if v1 == 2:
                        if v2837 is UNKNOWN:
                            if v565 is UNKNOWN:
                                v565 = places('/html', v21)
                            v3483 = []
                            if v21:
                                for v3485, v3484 in enumerate(v21):
                                    v3483.append(place(v565[v3485], 'content'))
                            v2837 = v3483
                        v3479 = (v2837[-1] if v2837 else '/html')
                    if v1 == 6:
                        v3479 = place('/esp_extra', v808['Html-part'])
                    say(said, Said('warning', 'NoEffect', v3479 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
        # 'subject-merge-field-syntax'
        v3495 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
        v3497 = v3495 is True
        if v3497:
            v3499 = ([] if '{{' not in v2787 else c109(v2787, '{{')) if type(v2787) is str else None
            v3497 = v3499
        if v3497:
            v3500 = None
            if v5 == 0:
                v3500 = '/subject'
            if v5 == 10:
                v3500 = place('/esp_extra', v808['Subject'])
            say(said, Said('warning', 'NoEffect', v3500 or '', {'reason': 'merge-field-syntax'}, 'a merge field is spelled in a way that Mailjet does not read; it would be sent as it stands', 'write {{var:NAME}} or {{var:NAME:default}}, without spaces around the name and with var in lower case', 'subject-merge-field-syntax', (), False))
        # 'needs-approval'
        v3514 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
        if v1226 is UNKNOWN:
            if v1220 is UNKNOWN:
                v3522 = c45(v3514) if type(v3514) is str else None
                v1220 = v3522
            v3523 = ABSENT
            if v1220:
                for v3524 in (v1220 or ()):
                    v3526 = v3524.get('email', ABSENT)
                    if v3526 is not ABSENT:
                        v3523 = v3526
                        break
            v1226 = v3523
        if (v1226 is not ABSENT and v1226 == v3514):
            v3528 = ABSENT
            if v32:
                for v3529 in sorted(v32):
                    v3531 = v32[v3529]
                    v3532 = v3529.lower() if v3529.isascii() else c8(v3529)
                    if v3532 == 'sender':
                        v3528 = v3531
                        break
            if v3538 is UNKNOWN:
                if v788 is UNKNOWN:
                    v788 = places('/esp_extra', v32)
                v3539 = []
                if v32:
                    for v3541, v3540 in enumerate(sorted(v32)):
                        v3543 = v3540.lower() if v3540.isascii() else c8(v3540)
                        if v3543 == 'sender':
                            v3539.append(v788[v3541])
                v3538 = v3539
            if v3528 is not ABSENT:
                v3527 = (v3538[0] if v3538 else '/esp_extra')
            else:
                if v9 is not ABSENT:
                    v3527 = '/envelope_sender'
                else:
                    if v8 is not ABSENT:
                        v3527 = '/from_email'
                    else:
                        v3527 = ((v3538[0] if v3538 else '/esp_extra') if (v3538[0] if v3538 else '/esp_extra') is not None else '/envelope_sender')
            say(said, Said('warning', 'NeedsApproval', v3527 or '', {}, 'Mailjet refuses an envelope sender of your own unless its support has allowed it for the account', 'leave it out if it was not allowed', 'needs-approval', (), False))
        # 'tracking-without-html'
        v3547 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
        if not ((v3547 or v3547 == 0) or v2805 is not ABSENT):
            v3548 = output.get('Mj-trackclick', ABSENT) if type(output) is dict else ABSENT
            if v3548 is not ABSENT:
                if (type(v3548) in c110 and 1 <= v3548 <= 2):
                    v3549 = None
                    if v3 == 4:
                        v3549 = '/track_clicks'
                    if v3 == 8:
                        v3549 = place('/esp_extra', v808['Mj-trackclick'])
                    say(said, Said('warning', 'NoEffect', v3549 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
            v3550 = output.get('Mj-trackopen', ABSENT) if type(output) is dict else ABSENT
            if v3550 is not ABSENT:
                if (type(v3550) in c110 and 1 <= v3550 <= 2):
                    v3551 = None
                    if v4 == 5:
                        v3551 = '/track_opens'
                    if v4 == 9:
                        v3551 = place('/esp_extra', v808['Mj-trackopen'])
                    say(said, Said('warning', 'NoEffect', v3551 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
        # 'unreferenced'
        if not (v2805 is not ABSENT):
            if v28:
                if v3564 is UNKNOWN:
                    if v3557 is UNKNOWN:
                        v3570 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                        v3571 = [] if v3570 is not ABSENT else ABSENT
                        if v3570:
                            for v3572 in (v3570 if type(v3570) is list else items_of(v3570)):
                                v3574 = v3572.get('Filename', ABSENT) if type(v3572) is dict else ABSENT
                                if v3574 is not ABSENT:
                                    v3571.append(v3574)
                        v3557 = v3571
                    v3575 = identities(v3557)
                    v3564 = v3575
                if v3578 is UNKNOWN:
                    v3579 = c111(v3547) if type(v3547) is str else None
                    v3580 = set((v3579 or ()))
                    v3578 = v3580
                for v3581 in v28:
                    v3608 = v3581['inline'] is True
                    if v3608:
                        v3623 = v3581.get('content_id', ABSENT)
                        v3608 = ((v3623 is not ABSENT and v3623 in v3564) and not (v3623 is not ABSENT and v3623 in v3578))
                    if v3608:
                        if v28:
                            for v3637, v3636 in enumerate(v28):
                                v3663 = v3636['inline'] is True
                                if v3663:
                                    v3678 = v3636.get('content_id', ABSENT)
                                    v3663 = ((v3678 is not ABSENT and v3678 in v3564) and not (v3678 is not ABSENT and v3678 in v3578))
                                if v3663:
                                    if v605 is UNKNOWN:
                                        v605 = places('/attachments', v28)
                                    say(said, Said('warning', 'NoEffect', v605[v3637] or '', {'reason': 'unreferenced'}, 'no cid: in the HTML refers to this inline attachment', 'refer to it as cid: and its content_id, or attach it without disposition inline', 'unreferenced', (), False))
                        break
        # 'dangling-reference'
        v3764 = not (v2805 is not ABSENT)
        if v3764:
            if v3557 is UNKNOWN:
                v3782 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v3783 = [] if v3782 is not ABSENT else ABSENT
                if v3782:
                    for v3784 in (v3782 if type(v3782) is list else items_of(v3782)):
                        v3786 = v3784.get('Filename', ABSENT) if type(v3784) is dict else ABSENT
                        if v3786 is not ABSENT:
                            v3783.append(v3786)
                v3557 = v3783
            v3787 = v3557
            if v3787 is ABSENT:
                v3787 = c120
            v3788 = c113(v3547, v3787) if type(v3547) is str else None
            v3764 = v3788
        if v3764:
            v3789 = None
            if v1 == 2:
                if v2837 is UNKNOWN:
                    if v565 is UNKNOWN:
                        v565 = places('/html', v21)
                    v3793 = []
                    if v21:
                        for v3795, v3794 in enumerate(v21):
                            v3793.append(place(v565[v3795], 'content'))
                    v2837 = v3793
                v3789 = (v2837[-1] if v2837 else '/html')
            if v1 == 6:
                v3789 = place('/esp_extra', v808['Html-part'])
            say(said, Said('warning', 'NoEffect', v3789 or '', {'reason': 'dangling-reference'}, 'the HTML refers by cid: to an attachment that is not there', 'attach the file with disposition inline and this content_id, or correct the reference', 'dangling-reference', (), False))
        # 'subject-length'
        if type(v2787) is str and len(v2787) > 255: return None
        # 'campaign-length'
        v3796 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
        if type(v3796) is str and len(v3796) > 255: return None
        # 'to-count'
        v3797 = c45(v1604) if type(v1604) is str else None
        v3798 = [] if v3797 is not None else ABSENT
        if v3797:
            for v3799 in (v3797 or ()):
                v3801 = v3799.get('email', ABSENT)
                v3802 = (v3801.lower() if v3801.isascii() else c4(v3801)) if v3801 is not ABSENT else None
                if v3802 is not None:
                    v3798.append(v3802)
        v3803 = distinct(v3798) if v3798 is not ABSENT else ABSENT
        if v3803 is not ABSENT and len(v3803) > 50: return None
        # 'cc-count'
        v3804 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
        v3805 = c45(v3804) if type(v3804) is str else None
        v3806 = [] if v3805 is not None else ABSENT
        if v3805:
            for v3807 in (v3805 or ()):
                v3809 = v3807.get('email', ABSENT)
                v3810 = (v3809.lower() if v3809.isascii() else c4(v3809)) if v3809 is not ABSENT else None
                if v3810 is not None:
                    v3806.append(v3810)
        v3811 = distinct(v3806) if v3806 is not ABSENT else ABSENT
        if v3811 is not ABSENT and len(v3811) > 50: return None
        # 'bcc-count'
        v3812 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
        v3813 = c45(v3812) if type(v3812) is str else None
        v3814 = [] if v3813 is not None else ABSENT
        if v3813:
            for v3815 in (v3813 or ()):
                v3817 = v3815.get('email', ABSENT)
                v3818 = (v3817.lower() if v3817.isascii() else c4(v3817)) if v3817 is not ABSENT else None
                if v3818 is not None:
                    v3814.append(v3818)
        v3819 = distinct(v3814) if v3814 is not ABSENT else ABSENT
        if v3819 is not ABSENT and len(v3819) > 50: return None
        # 'recipients-count'
        if type(v2530) is list and len(v2530) > 100: return None
        # 'message-size'
        v3820 = (len(v2768) if v2768.isascii() else c121(v2768)) if type(v2768) is str else None
        if v18:
            if v3823 is UNKNOWN:
                v3824 = (len(v2530) if True else c122(v2530)) if type(v2530) is list else None
                v3823 = v3824
            v3821 = (ABSENT if v3823 is None else v3823)
        else:
            v3821 = 1
        v3825 = (v3820 * v3821 if True else c123(v3820, v3821)) if type(v3820) is int and type(v3821) is int else None
        v3826 = (len(v3547) if v3547.isascii() else c121(v3547)) if type(v3547) is str else None
        v3827 = (v3826 * v3821 if True else c123(v3826, v3821)) if type(v3826) is int and type(v3821) is int else None
        if v1441 is UNKNOWN:
            v3831 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
            v3832 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
            v3833 = ABSENT
            if v3831 is not ABSENT:
                v3833 = [*v3833, *(v3831 if type(v3831) is list else items_of(v3831))]
            if v3832 is not ABSENT:
                v3833 = [*v3833, *(v3832 if type(v3832) is list else items_of(v3832))]
            v1441 = v3833
        v3834 = [] if v1441 is not ABSENT else ABSENT
        if v1441:
            for v3835 in v1441:
                v3837 = v3835.get('content', ABSENT) if type(v3835) is dict else ABSENT
                v3838 = c49(v3837) if type(v3837) is str else None
                if v3838 is not None:
                    v3834.append(v3838)
        v3839 = c124(v3834) if v3834 is not ABSENT else None
        v3840 = (v3839 * v3821 if True else c123(v3839, v3821)) if type(v3839) is int and type(v3821) is int else None
        v3841 = []
        if v3825 is not None:
            v3841.append(v3825)
        if v3827 is not None:
            v3841.append(v3827)
        if v3840 is not None:
            v3841.append(v3840)
        if True and total(v3841) > 15000000: return None
        output = without_empties(output)
        # 'own-messages'
        if v18:
            v3842 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v3843 = [] if v3842 is not ABSENT else ABSENT
            if v3842:
                for v3844 in (v3842 if type(v3842) is list else items_of(v3842)):
                    v3846 = without(output, c125)
                    v3847 = [v3844]
                    v3848 = output.get('Mj-EventPayLoad', ABSENT) if type(output) is dict else ABSENT
                    v3849 = v3848
                    if v3849 is ABSENT:
                        v3850 = v3844.get('Email', ABSENT) if type(v3844) is dict else ABSENT
                        v3851 = v18.get(v3850, ABSENT) if type(v18) is dict and type(v3850) is str else ABSENT
                        v3852 = merged((v33, v3851, ))
                        v3853 = c12(v3852) if v3852 is not ABSENT else None
                        v3849 = (ABSENT if v3853 is None else v3853)
                    v3854 = {}
                    if v3847:
                        v3854['Recipients'] = v3847
                    if (v3849 or type(v3849) not in EMPTY_TYPES):
                        v3854['Mj-EventPayLoad'] = v3849
                    v3855 = merged((v3846, v3854, ))
                    v3856 = copy_of(v3855)
                    if v3856 is not ABSENT:
                        v3843.append(v3856)
            v3857 = {}
            if v3843:
                v3857['Messages'] = v3843
            if v3857:
                output = written(output, c42, v3857)
                v1 = 12
                v2 = 13
                v3 = 14
                v4 = 15
                v5 = 16
                v6 = 17
        return output, tuple(said.values()) if said else (), tuple(requires)
    except GiveUpError:
        return None
