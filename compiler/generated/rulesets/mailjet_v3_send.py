"""The ruleset 'send' of mailjet-v3 as Python.

Written by `python -m compiler.engine show mailjet-v3 send --module`; not to be changed by hand.
"""

# fmt: off
# ruff: noqa
# mypy: ignore-errors

import re

from compiler.engine.codegen.runtime import ABSENT
from compiler.engine.codegen.runtime import GiveUpError as GiveUpError
from compiler.engine.findings import Said as Said
from compiler.engine.codegen.runtime import UNKNOWN
from compiler.engine.codegen.runtime import copied as copy_of
from compiler.engine.codegen.runtime import distinct as distinct
from compiler.engine.codegen.runtime import identities as identities
from compiler.engine.codegen.runtime import identity as identity
from compiler.engine.codegen.runtime import in_order as in_order
from compiler.engine.codegen.runtime import items_of as items_of
from compiler.engine.codegen.runtime import merged as merged
from compiler.engine.codegen.runtime import merged_into as merged_into
from compiler.engine.codegen.runtime import place as place
from compiler.engine.codegen.runtime import places as places
from compiler.engine.codegen.runtime import say as say
from compiler.engine.codegen.runtime import text as text
from compiler.engine.codegen.runtime import total as total
from compiler.engine.codegen.runtime import without as without
from compiler.engine.codegen.runtime import without_empties as without_empties
from compiler.engine.codegen.runtime import written as written

FUNCTIONS = ('address_header', 'address_key', 'addresses', 'all_keys', 'base64_size', 'byte_length', 'common_keys', 'content_id_references', 'count', 'decoded', 'has_line_break', 'holds', 'join', 'json_text', 'lower_case', 'merge_fields', 'product', 'reply_to_header', 'suggestion', 'text', 'total', 'unanswered_references', 'unread_merge_fields', 'whole_number')
EMPTY_TYPES = frozenset({tuple, list, dict})
c5 = re.compile('[0-9]{1,4300}', 272)
c10 = frozenset({'bcc', 'cc', 'content-transfer-encoding', 'content-type', 'dkim-signature', 'mime-version', 'received', 'return-path', 'to', 'x-mailjet-campaign', 'x-mailjet-deduplicatecampaign', 'x-mailjet-prio', 'x-mailjet-trackclick', 'x-mailjet-trackopen'})
c11 = re.compile('x-mj-.*', 272)
c12 = {'x-mailjet-prio': 'use Mj-prio in esp_extra', 'x-mailjet-deduplicatecampaign': 'use Mj-deduplicatecampaign in esp_extra', 'x-mailjet-campaign': 'use tags', 'return-path': 'use envelope_sender', 'dkim-signature': 'leave it out; Mailjet signs the message', 'received': 'leave it out; servers write it on the way', 'mime-version': 'leave it out; Mailjet writes it', 'content-transfer-encoding': 'leave it out; Mailjet encodes the parts', 'content-type': 'leave it out; the types are those of body, alternatives and attachments', 'bcc': 'give the recipients of blind copies in bcc', 'cc': 'give the recipients of copies in cc', 'to': 'give the recipients in to'}
c13 = {'x-mailjet-prio': 'use Mj-prio in esp_extra', 'x-mailjet-deduplicatecampaign': 'use Mj-deduplicatecampaign in esp_extra', 'x-mailjet-campaign': 'use tags', 'return-path': 'use envelope_sender', 'dkim-signature': 'leave it out; Mailjet signs the message', 'received': 'leave it out; servers write it on the way', 'mime-version': 'leave it out; Mailjet writes it', 'content-transfer-encoding': 'leave it out; Mailjet encodes the parts', 'content-type': 'leave it out; the types are those of body, alternatives and attachments', 'bcc': 'give the recipients of blind copies in bcc', 'cc': 'give the recipients of copies in cc', 'to': 'give the recipients in to'}
c15 = frozenset({'advanceerrorhandling', 'customcampaign', 'customid', 'deduplicatecampaign', 'eventpayload', 'from', 'globals', 'htmlpart', 'inlinedattachments', 'monitoringcategory', 'priority', 'replyto', 'sandboxmode', 'templateerrordeliver', 'templateerrorreporting', 'templateid', 'templatelanguage', 'textpart', 'trackclicks', 'trackopens', 'urltags', 'variables'})
c18 = ['FromEmail', 'FromName', 'Sender', 'Recipients', 'To', 'Cc', 'Bcc', 'Subject', 'Text-part', 'Html-part', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'MJ-TemplateErrorReporting', 'MJ-TemplateErrorDeliver', 'Attachments', 'Inline_attachments', 'Mj-prio', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-trackopen', 'Mj-trackclick', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Headers', 'Vars', 'Messages']
c19 = ['from', 'replyto', 'textpart', 'htmlpart', 'templateid', 'templatelanguage', 'templateerrorreporting', 'templateerrordeliver', 'inlinedattachments', 'priority', 'customcampaign', 'deduplicatecampaign', 'trackopens', 'trackclicks', 'customid', 'eventpayload', 'monitoringcategory', 'variables', 'urltags', 'sandboxmode', 'globals', 'advanceerrorhandling']
c44 = ()
c45 = {(): {'fromemail': 'FromEmail', 'fromname': 'FromName', 'sender': 'Sender', 'recipients': 'Recipients', 'to': 'To', 'cc': 'Cc', 'bcc': 'Bcc', 'subject': 'Subject', 'text-part': 'Text-part', 'html-part': 'Html-part', 'mj-templateid': 'Mj-TemplateID', 'mj-templatelanguage': 'Mj-TemplateLanguage', 'mj-templateerrorreporting': 'MJ-TemplateErrorReporting', 'mj-templateerrordeliver': 'MJ-TemplateErrorDeliver', 'attachments': 'Attachments', 'inline_attachments': 'Inline_attachments', 'mj-prio': 'Mj-prio', 'mj-campaign': 'Mj-campaign', 'mj-deduplicatecampaign': 'Mj-deduplicatecampaign', 'mj-trackopen': 'Mj-trackopen', 'mj-trackclick': 'Mj-trackclick', 'mj-customid': 'Mj-CustomID', 'mj-eventpayload': 'Mj-EventPayLoad', 'mj-monitoringcategory': 'Mj-MonitoringCategory', 'headers': 'Headers', 'vars': 'Vars', 'messages': 'Messages'}, ('Headers', ): {'reply-to': 'Reply-To'}}
c46 = ('maxLength', 'maxItems', )
c49 = ('=?', )
c52 = frozenset({'bcc', 'cc', 'recipients', 'to'})
c53 = ('[[', ']]', )
c54 = ('{{', '}}', )
c60 = {}
c101 = {}
c106 = {}
c146 = {}
c150 = {}
c190 = {}
c192 = frozenset({float, int})
c202 = []
c207 = frozenset({'Messages'})


def accepts(document, exempt):  # its guard is imported where it is asked
    from compiler.generated.validators.payload import accepts

    return accepts(document)


def link(functions):
    c1 = functions['decoded'].apply
    c2 = functions['address_header'].apply
    c3 = functions['join'].apply
    c4 = functions['address_key'].apply
    c6 = functions['whole_number'].apply
    c7 = functions['reply_to_header'].apply
    c8 = functions['text'].apply
    c9 = functions['lower_case'].apply
    c14 = functions['json_text'].apply
    c47 = functions['addresses'].apply
    c48 = functions['holds'].apply
    c50 = functions['has_line_break'].apply
    c51 = functions['base64_size'].apply
    c55 = functions['merge_fields'].apply
    c58 = functions['common_keys'].apply
    c95 = functions['all_keys'].apply
    c102 = functions['suggestion'].apply
    c191 = functions['unread_merge_fields'].apply
    c193 = functions['content_id_references'].apply
    c195 = functions['unanswered_references'].apply
    c203 = functions['byte_length'].apply
    c204 = functions['count'].apply
    c205 = functions['product'].apply
    c206 = functions['total'].apply

    def run(document, ignored, copied):
        try:
            get = document.get
            output = {}
            said = {}
            requires = []
            v38 = v39 = v84 = v123 = v136 = v137 = v138 = v139 = v147 = v159 = v165 = v216 = v220 = v225 = v428 = v565 = v566 = v571 = v572 = v576 = v577 = v605 = v627 = v657 = v664 = v690 = v696 = v702 = v732 = v1253 = v1259 = v1514 = v1629 = v2901 = v2935 = v2946 = v2955 = v3270 = v3283 = v4036 = v4047 = v4306 = v4325 = v4332 = v4346 = v4591 = UNKNOWN
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
                    say(said, Said('warning', 'FeatureDropped', v40 or '', {'feature': 'multiple from emails'}, 'not supported: multiple from emails; ignored, as asked', 'A message has one sender; a From header overrides from_email.', 'sender'))
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
                    say(said, Said('warning', 'NoEffect', '/envelope_sender', {'reason': 'sender-name'}, 'the envelope sender must be a bare address; its name is not sent', 'give the name in from_email, or in a From header', 'envelope-sender-name', (), False))
            # 'spoofed-to'
            if v10 is not ABSENT:
                if ignored is not True and 'spoofed to header' not in ignored: return None
                for v56 in ['/header_to']:
                    say(said, Said('warning', 'FeatureDropped', v56 or '', {'feature': 'spoofed to header'}, 'not supported: spoofed to header; ignored, as asked', 'Mailjet writes the To header itself.', 'spoofed-to'))
            # 'spoofed-cc'
            if v11 is not ABSENT:
                if ignored is not True and 'cc header' not in ignored: return None
                for v57 in ['/header_cc']:
                    say(said, Said('warning', 'FeatureDropped', v57 or '', {'feature': 'cc header'}, 'not supported: cc header; ignored, as asked', 'A Cc header shows a recipient but does not send a copy.', 'spoofed-cc'))
            # 'spoofed-bcc'
            if v12 is not ABSENT:
                if ignored is not True and 'bcc header' not in ignored: return None
                for v58 in ['/header_bcc']:
                    say(said, Said('warning', 'FeatureDropped', v58 or '', {'feature': 'bcc header'}, 'not supported: bcc header; ignored, as asked', 'A Bcc header reveals a recipient to everybody but does not send a copy.', 'spoofed-bcc'))
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
                            say(said, Said('warning', 'RecipientsVisible', '/to', {}, 'all recipients in to see each other, because the defaults have cc or bcc', 'set cc and bcc to null in the message to send each recipient a private message', 'visible-recipients', tuple(each for each in v123[:100] if each is not None), False))
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
                        say(said, Said('warning', 'DuplicateRecipient', v147[v135] or '', {}, 'duplicate recipient', 'give each recipient once', 'duplicate-recipients', (), False))
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
                                    say(said, Said('warning', 'UnusedData', v216[v196] or '', {}, 'merge data for an address that is not in to', 'check the spelling, or omit the entry', 'unused-data', (), False))
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
                                    say(said, Said('warning', 'CaseMismatch', v216[v303] or '', {}, 'this address is in to with different case; this merge data is not used', 'spell the address as in to', 'case-mismatch', (), False))
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
                                        say(said, Said('warning', 'RecipientWithoutData', v136[v366] or '', {}, 'this recipient has no merge data, but other recipients do', 'add an entry for this recipient; use an empty one if it needs no values', 'recipient-without-data', (), False))
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
                                    say(said, Said('warning', 'UnusedData', v428[v408] or '', {}, 'metadata for an address that is not in to', 'check the spelling, or omit the entry', 'unused-metadata', (), False))
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
                                    say(said, Said('warning', 'CaseMismatch', v428[v513] or '', {}, 'this address is in to with different case; this metadata is not used', 'spell the address as in to', 'metadata-case-mismatch', (), False))
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
                    say(said, Said('warning', 'FeatureDropped', v567 or '', {'feature': 'multiple html parts'}, 'not supported: multiple html parts; ignored, as asked', 'A message has one HTML body; Anymail keeps the last one if unsupported features are ignored.', 'html'))
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
                say(said, Said('warning', 'NoEffect', '/content_subtype', {'reason': 'no-body'}, "the body's type has no effect without a body", 'omit the type, or add a body', 'content-subtype', (), False))
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
                    say(said, Said('warning', 'FeatureDropped', v578 or '', {'feature': 'multiple tags'}, 'not supported: multiple tags; ignored, as asked', 'Mailjet groups messages by one campaign, so only one tag is possible.', 'tag'))
            v579 = v25[0] if v25 else ABSENT
            if v579 is not ABSENT:
                output['Mj-campaign'] = v579
            # 'send-at'
            if v26 is not ABSENT:
                if ignored is not True and 'send_at' not in ignored: return None
                for v580 in ['/send_at']:
                    say(said, Said('warning', 'FeatureDropped', v580 or '', {'feature': 'send_at'}, 'not supported: send_at; ignored, as asked', "Mailjet's v3 API sends immediately.", 'send-at'))
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
                                    say(said, Said('warning', 'NoEffect', place(v605[v599], 'filename') or '', {'reason': 'inline-filename'}, 'the name of an inline attachment is its content_id; this name is not sent', 'omit the name, or attach the file without disposition inline', 'inline-filename', (), False))
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
                                    say(said, Said('warning', 'NoEffect', place(v605[v613], 'content_id') or '', {'reason': 'plain-content-id'}, 'only an inline attachment can have a content id; this one is not sent', 'set disposition to inline if the HTML refers to the file', 'plain-content-id', (), False))
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
                say(said, Said('warning', 'NoEffect', '/reply_to', {'reason': 'header-overrides'}, 'the Reply-To header overrides this field', 'give only one of them', 'reply-to-beside-header', tuple(each for each in v627[:100] if each is not None), False))
            # 'reserved-headers'
            if v29:
                for v628 in v29:
                    v640 = v628 if type(v628) is str else c8(v628)
                    v641 = (v640.lower() if v640.isascii() else c9(v640)) if v640 is not None else None
                    if ((v641 is not None and v641 in c10) or (v641 is not None and c11.fullmatch(v641) is not None)):
                        if v29:
                            for v643, v642 in enumerate(sorted(v29)):
                                v655 = v642 if type(v642) is str else c8(v642)
                                v656 = (v655.lower() if v655.isascii() else c9(v655)) if v655 is not None else None
                                if ((v656 is not None and v656 in c10) or (v656 is not None and c11.fullmatch(v656) is not None)):
                                    if v657 is UNKNOWN:
                                        v657 = places('/headers', v29)
                                    v658 = c12.get(v656, 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra') if type(v656) is str else 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra'
                                    say(said, Said('warning', 'ReservedHeader', v657[v643] or '', {}, 'Mailjet writes or interprets this header itself', v658, 'reserved-headers', (), False))
                        break
            if v664 is UNKNOWN:
                v665 = ABSENT
                if v32:
                    for v666 in sorted(v32):
                        v668 = v32[v666]
                        v669 = v666.lower() if v666.isascii() else c9(v666)
                        if v669 == 'headers':
                            v665 = v668
                            break
                v664 = v665
            if v664:
                for v671, v670 in enumerate((v664 if type(v664) is list else items_of(v664))):
                    v687 = v670.get('key', ABSENT) if type(v670) is dict else ABSENT
                    v688 = (v687 if type(v687) is str else c8(v687)) if v687 is not ABSENT else None
                    v689 = (v688.lower() if v688.isascii() else c9(v688)) if v688 is not None else None
                    if ((v689 is not None and v689 in c10) or (v689 is not None and c11.fullmatch(v689) is not None)):
                        if v702 is UNKNOWN:
                            if v696 is UNKNOWN:
                                if v690 is UNKNOWN:
                                    v690 = places('/esp_extra', v32)
                                v708 = []
                                if v32:
                                    for v710, v709 in enumerate(sorted(v32)):
                                        v712 = v709.lower() if v709.isascii() else c9(v709)
                                        if v712 == 'headers':
                                            v708.append(v690[v710])
                                v696 = v708
                            v702 = places((v696[0] if v696 else '/esp_extra'), v664)
                        v713 = c13.get(v689, 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra') if type(v689) is str else 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra'
                        say(said, Said('warning', 'ReservedHeader', (v702[v671] if type(v664) is dict else place(v702[v671], 'value')) or '', {}, 'Mailjet writes or interprets this header itself', v713, 'reserved-headers', (), False))
            # 'metadata'
            if not v18:
                v714 = c14(v33) if v33 is not ABSENT else None
                if v714 is not None:
                    output['Mj-EventPayLoad'] = v714
            # 'track-clicks'
            v715 = 2 if v34 is True else 1 if v34 is False else ABSENT
            if v715 is not ABSENT:
                output['Mj-trackclick'] = v715
                v3 = 4
            # 'track-opens'
            v716 = 2 if v35 is True else 1 if v35 is False else ABSENT
            if v716 is not ABSENT:
                output['Mj-trackopen'] = v716
                v4 = 5
            # 'v3-1-properties'
            if v32:
                for v717 in v32:
                    v720 = v717.lower() if v717.isascii() else c9(v717)
                    if (v720 is not None and v720 in c15):
                        if v32:
                            for v721 in sorted(v32):
                                v725 = v721.lower() if v721.isascii() else c9(v721)
                                if (v725 is not None and v725 in c15):
                                    return None
                        break
            # 'unknown-properties'
            if v32:
                if v732 is UNKNOWN:
                    v733 = []
                    for v734 in c18:
                        v736 = (v734.lower() if v734.isascii() else c9(v734)) if type(v734) is str else None
                        if v736 is not None:
                            v733.append(v736)
                    v737 = ABSENT
                    v737 = [*v737, *v733]
                    v737 = [*v737, *c19]
                    v738 = identities(v737)
                    v732 = v738
                for v739 in v32:
                    v762 = v739.lower() if v739.isascii() else c9(v739)
                    if not (v762 is not None and v762 in v732):
                        if v32:
                            for v782, v781 in enumerate(sorted(v32)):
                                v803 = v781.lower() if v781.isascii() else c9(v781)
                                if not (v803 is not None and v803 in v732):
                                    if v690 is UNKNOWN:
                                        v690 = places('/esp_extra', v32)
                                    say(said, Said('warning', 'UnknownProperty', v690[v782] or '', {}, 'unknown property: Mailjet does not document it; it is copied unchanged', 'check the spelling; omit the property unless Mailjet told you to use it', 'unknown-properties', (), False))
                        break
            # 'repeated-headers'
            v822 = [] if v664 is not ABSENT else ABSENT
            v823 = set()
            if v664:
                for v824 in (v664 if type(v664) is list else items_of(v664)):
                    v826 = v824.get('key', ABSENT) if type(v824) is dict else ABSENT
                    v827 = (v826 if type(v826) is str else c8(v826)) if v826 is not ABSENT else None
                    v828 = (v827.lower() if v827.isascii() else c9(v827)) if v827 is not None else None
                    if v828 is not None:
                        if v828 in v823:
                            v822.append(v824)
                        v823.add(v828)
            if v822:
                if v822:
                    for v829 in v822:
                        return None
            # 'bulk-messages'
            if v32:
                for v831 in v32:
                    v834 = v831.lower() if v831.isascii() else c9(v831)
                    if v834 == 'messages':
                        if v32:
                            for v835 in sorted(v32):
                                v839 = v835.lower() if v835.isascii() else c9(v835)
                                if v839 == 'messages':
                                    return None
                        break
            # 'esp-extra'
            v840 = copied(v32)
            if v840 is not ABSENT and v840 not in ([], {}):
                v841 = {}
                output = merged_into(output, c44, v840, c45, False, v841)
                if 'Html-part' in v841:
                    v1 = 6
                if 'Mj-TemplateLanguage' in v841:
                    v2 = 7
                if 'Mj-trackclick' in v841:
                    v3 = 8
                if 'Mj-trackopen' in v841:
                    v4 = 9
                if 'Subject' in v841:
                    v5 = 10
                if 'Text-part' in v841:
                    v6 = 11
            # 'stored-sender-name'
            v858 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v860 = v858 is not ABSENT
            if v860:
                v863 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
                v865 = not (v863 is not ABSENT)
                if v865:
                    v867 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
                    v865 = not (v867 is not ABSENT)
                v860 = v865
            if v860:
                v868 = v36.get('name', ABSENT) if v36 is not ABSENT else ABSENT
                v869 = (v868 if '=?' not in v868 else c1(v868)) if v868 is not ABSENT else None
                if v869 is not None:
                    output['FromName'] = v869
            # 'stored-sender'
            v879 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v881 = v879 is not ABSENT
            if v881:
                v883 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
                v881 = not (v883 is not ABSENT)
            if v881:
                v884 = v36.get('email', ABSENT) if v36 is not ABSENT else ABSENT
                if v884 is not ABSENT:
                    output['FromEmail'] = v884
            # 'payload-schema'
            if v32:
                if not accepts(output, c46): return None
            # 'esp-extra-addresses'
            if v32:
                v885 = output.get('To', ABSENT) if type(output) is dict else ABSENT
                if v885 is not ABSENT:
                    v934 = (type(v885) is str) and (v885 or v885 == 0)
                    if v934:
                        v966 = c47(v885) if type(v885) is str else None
                        v972 = not (v966 is not None)
                        if not v972:
                            v978 = [] if v966 is not None else ABSENT
                            if v966:
                                for v979 in (v966 or ()):
                                    v981 = v979.get('email', ABSENT)
                                    v982 = ((v981 in v885) if True else c48(v885, v981)) if type(v885) is str and v981 is not ABSENT else None
                                    if v982 is False:
                                        v978.append(v979)
                            v972 = v978
                        v934 = v972
                    if v934:
                        return None
                v983 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
                if v983 is not ABSENT:
                    v1032 = (type(v983) is str) and (v983 or v983 == 0)
                    if v1032:
                        v1064 = c47(v983) if type(v983) is str else None
                        v1070 = not (v1064 is not None)
                        if not v1070:
                            v1076 = [] if v1064 is not None else ABSENT
                            if v1064:
                                for v1077 in (v1064 or ()):
                                    v1079 = v1077.get('email', ABSENT)
                                    v1080 = ((v1079 in v983) if True else c48(v983, v1079)) if type(v983) is str and v1079 is not ABSENT else None
                                    if v1080 is False:
                                        v1076.append(v1077)
                            v1070 = v1076
                        v1032 = v1070
                    if v1032:
                        return None
                v1081 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
                if v1081 is not ABSENT:
                    v1130 = (type(v1081) is str) and (v1081 or v1081 == 0)
                    if v1130:
                        v1162 = c47(v1081) if type(v1081) is str else None
                        v1168 = not (v1162 is not None)
                        if not v1168:
                            v1174 = [] if v1162 is not None else ABSENT
                            if v1162:
                                for v1175 in (v1162 or ()):
                                    v1177 = v1175.get('email', ABSENT)
                                    v1178 = ((v1177 in v1081) if True else c48(v1081, v1177)) if type(v1081) is str and v1177 is not ABSENT else None
                                    if v1178 is False:
                                        v1174.append(v1175)
                            v1168 = v1174
                        v1130 = v1168
                    if v1130:
                        return None
            # 'esp-extra-sender'
            v1223 = v32
            if v1223:
                v1232 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
                v1238 = (type(v1232) is str) and (v1232 or v1232 == 0)
                if v1238:
                    v1244 = c47(v1232) if type(v1232) is str else None
                    v1245 = ABSENT
                    if v1244:
                        for v1246 in (v1244 or ()):
                            v1248 = v1246.get('email', ABSENT)
                            if v1248 is not ABSENT:
                                v1245 = v1248
                                break
                    v1238 = not (v1245 is not ABSENT and v1245 == v1232)
                v1223 = v1238
            if v1223:
                return None
            # 'esp-extra-envelope-sender'
            v1337 = v32
            if v1337:
                v1353 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
                v1366 = (type(v1353) is str) and (v1353 or v1353 == 0)
                if v1366:
                    if v1259 is UNKNOWN:
                        if v1253 is UNKNOWN:
                            v1386 = c47(v1353) if type(v1353) is str else None
                            v1253 = v1386
                        v1387 = ABSENT
                        if v1253:
                            for v1388 in (v1253 or ()):
                                v1390 = v1388.get('email', ABSENT)
                                if v1390 is not ABSENT:
                                    v1387 = v1390
                                    break
                        v1259 = v1387
                    v1366 = not (v1259 is not ABSENT and v1259 == v1353)
                v1337 = v1366
            if v1337:
                return None
            # 'esp-extra-error-reporting'
            v1432 = v32
            if v1432:
                v1440 = output.get('MJ-TemplateErrorReporting', ABSENT) if type(output) is dict else ABSENT
                v1446 = (type(v1440) is str)
                if v1446:
                    v1452 = c47(v1440) if type(v1440) is str else None
                    v1453 = ABSENT
                    if v1452:
                        for v1454 in (v1452 or ()):
                            v1456 = v1454.get('email', ABSENT)
                            if v1456 is not ABSENT:
                                v1453 = v1456
                                break
                    v1446 = not (v1453 is not ABSENT and v1453 == v1440)
                v1432 = v1446
            if v1432:
                return None
            # 'esp-extra-names'
            if v32:
                v1457 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
                if v1457 is not ABSENT:
                    v1460 = (type(v1457) is str and '=?' in v1457 and in_order(c49, v1457))
                    if v1460:
                        v1462 = c50(v1457) if type(v1457) is str else None
                        v1460 = v1462 is True
                    if v1460:
                        return None
                v1463 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
                if v1463 is not ABSENT:
                    v1466 = (type(v1463) is str and '=?' in v1463 and in_order(c49, v1463))
                    if v1466:
                        v1468 = c50(v1463) if type(v1463) is str else None
                        v1466 = v1468 is True
                    if v1466:
                        return None
                v1469 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
                if v1469 is not ABSENT:
                    v1472 = (type(v1469) is str and '=?' in v1469 and in_order(c49, v1469))
                    if v1472:
                        v1474 = c50(v1469) if type(v1469) is str else None
                        v1472 = v1474 is True
                    if v1472:
                        return None
            if v32:
                v1475 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
                v1476 = [] if v1475 is not ABSENT else ABSENT
                if v1475:
                    for v1477 in (v1475 if type(v1475) is list else items_of(v1475)):
                        v1479 = v1477.get('Name', ABSENT) if type(v1477) is dict else ABSENT
                        if v1479 is not ABSENT:
                            v1476.append(v1479)
                if v1476:
                    for v1480 in v1476:
                        v1483 = (type(v1480) is str and '=?' in v1480 and in_order(c49, v1480))
                        if v1483:
                            v1485 = c50(v1480) if type(v1480) is str else None
                            v1483 = v1485 is True
                        if v1483:
                            if v1476:
                                for v1486 in v1476:
                                    v1490 = (type(v1486) is str and '=?' in v1486 and in_order(c49, v1486))
                                    if v1490:
                                        v1492 = c50(v1486) if type(v1486) is str else None
                                        v1490 = v1492 is True
                                    if v1490:
                                        return None
                            break
            if v32:
                v1493 = output.get('Headers', ABSENT) if type(output) is dict else ABSENT
                v1494 = [] if v1493 is not ABSENT else ABSENT
                if v1493:
                    for v1495 in (v1493 if type(v1493) is list else items_of(v1493)):
                        v1497 = v1495.get('value', ABSENT) if type(v1495) is dict else ABSENT
                        if v1497 is not ABSENT:
                            v1494.append(v1497)
                if v1494:
                    for v1498 in v1494:
                        v1501 = (type(v1498) is str and '=?' in v1498 and in_order(c49, v1498))
                        if v1501:
                            v1503 = c50(v1498) if type(v1498) is str else None
                            v1501 = v1503 is True
                        if v1501:
                            if v1494:
                                for v1504 in v1494:
                                    v1508 = (type(v1504) is str and '=?' in v1504 and in_order(c49, v1504))
                                    if v1508:
                                        v1510 = c50(v1504) if type(v1504) is str else None
                                        v1508 = v1510 is True
                                    if v1508:
                                        return None
                            break
            if v32:
                if v1514 is UNKNOWN:
                    v1515 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                    v1516 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                    v1517 = ABSENT
                    if v1515 is not ABSENT:
                        v1517 = [*v1517, *(v1515 if type(v1515) is list else items_of(v1515))]
                    if v1516 is not ABSENT:
                        v1517 = [*v1517, *(v1516 if type(v1516) is list else items_of(v1516))]
                    v1514 = v1517
                v1518 = [] if v1514 is not ABSENT else ABSENT
                if v1514:
                    for v1519 in v1514:
                        v1521 = v1519.get('Filename', ABSENT) if type(v1519) is dict else ABSENT
                        if v1521 is not ABSENT:
                            v1518.append(v1521)
                if v1518:
                    for v1522 in v1518:
                        v1525 = (type(v1522) is str and '=?' in v1522 and in_order(c49, v1522))
                        if v1525:
                            v1527 = c50(v1522) if type(v1522) is str else None
                            v1525 = v1527 is True
                        if v1525:
                            if v1518:
                                for v1528 in v1518:
                                    v1532 = (type(v1528) is str and '=?' in v1528 and in_order(c49, v1528))
                                    if v1532:
                                        v1534 = c50(v1528) if type(v1528) is str else None
                                        v1532 = v1534 is True
                                    if v1532:
                                        return None
                            break
            # 'esp-extra-recipients'
            if v32:
                v1535 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
                if v1535:
                    for v1536 in (v1535 if type(v1535) is list else items_of(v1535)):
                        v1546 = v1536.get('Email', ABSENT) if type(v1536) is dict else ABSENT
                        v1552 = (type(v1546) is str) and (v1546 or v1546 == 0)
                        if v1552:
                            v1558 = c47(v1546) if type(v1546) is str else None
                            v1559 = ABSENT
                            if v1558:
                                for v1560 in (v1558 or ()):
                                    v1562 = v1560.get('email', ABSENT)
                                    if v1562 is not ABSENT:
                                        v1559 = v1562
                                        break
                            v1552 = not (v1559 is not ABSENT and v1559 == v1546)
                        if v1552:
                            return None
            # 'esp-extra-attachments'
            if v32:
                v1563 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                if v1563:
                    for v1564 in (v1563 if type(v1563) is list else items_of(v1563)):
                        v1569 = v1564.get('content', ABSENT) if type(v1564) is dict else ABSENT
                        v1571 = (type(v1569) is str)
                        if v1571:
                            v1573 = c51(v1569) if type(v1569) is str else None
                            v1571 = not (v1573 is not None)
                        if v1571:
                            return None
            if v32:
                v1574 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                if v1574:
                    for v1575 in (v1574 if type(v1574) is list else items_of(v1574)):
                        v1580 = v1575.get('content', ABSENT) if type(v1575) is dict else ABSENT
                        v1582 = (type(v1580) is str)
                        if v1582:
                            v1584 = c51(v1580) if type(v1580) is str else None
                            v1582 = not (v1584 is not None)
                        if v1582:
                            return None
            # 'merge-data-with-shared-esp-extra'
            v1673 = output.get('To', ABSENT) if type(output) is dict else ABSENT
            v1760 = (type(v1673) is str) and not (v13 or v14)
            if v1760:
                if v1629 is UNKNOWN:
                    v1804 = [] if v32 is not ABSENT else ABSENT
                    if v32:
                        for v1805 in sorted(v32):
                            v1807 = v32[v1805]
                            v1818 = v1805.lower() if v1805.isascii() else c9(v1805)
                            v1828 = (v1818 is not None and v1818 in c52)
                            if v1828:
                                v1842 = v1807 == ''
                                if not v1842:
                                    v1845 = v1807 if type(v1807) is str else c8(v1807)
                                    v1846 = c47(v1845) if v1845 is not None else None
                                    v1842 = (v1846 is not None or ((type(v1807) is list) and (v1807 or v1807 == 0)))
                                v1828 = v1842
                            if v1828:
                                v1804.append(v1807)
                    v1629 = v1804
                v1760 = v1629
            if v1760:
                if v16 is not ABSENT:
                    return None
            # 'recipients-of-esp-extra'
            v2192 = v18
            if v2192:
                if v1629 is UNKNOWN:
                    v2236 = [] if v32 is not ABSENT else ABSENT
                    if v32:
                        for v2237 in sorted(v32):
                            v2239 = v32[v2237]
                            v2250 = v2237.lower() if v2237.isascii() else c9(v2237)
                            v2260 = (v2250 is not None and v2250 in c52)
                            if v2260:
                                v2274 = v2239 == ''
                                if not v2274:
                                    v2277 = v2239 if type(v2239) is str else c8(v2239)
                                    v2278 = c47(v2277) if v2277 is not None else None
                                    v2274 = (v2278 is not None or ((type(v2239) is list) and (v2239 or v2239 == 0)))
                                v2260 = v2274
                            if v2260:
                                v2236.append(v2239)
                    v1629 = v2236
                v2192 = v1629
            if v2192:
                return None
            # 'shared-or-private'
            v2599 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v2611 = (type(v2599) is list) and (v2599 or v2599 == 0)
            if v2611:
                v2626 = (type(v1673) is str)
                if not v2626:
                    v2629 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
                    v2631 = (type(v2629) is str)
                    if not v2631:
                        v2633 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
                        v2631 = (type(v2633) is str)
                    v2626 = v2631
                v2720 = v2626
                if v2720:
                    if v1629 is UNKNOWN:
                        v2764 = [] if v32 is not ABSENT else ABSENT
                        if v32:
                            for v2765 in sorted(v32):
                                v2767 = v32[v2765]
                                v2778 = v2765.lower() if v2765.isascii() else c9(v2765)
                                v2788 = (v2778 is not None and v2778 in c52)
                                if v2788:
                                    v2802 = v2767 == ''
                                    if not v2802:
                                        v2805 = v2767 if type(v2767) is str else c8(v2767)
                                        v2806 = c47(v2805) if v2805 is not None else None
                                        v2802 = (v2806 is not None or ((type(v2767) is list) and (v2767 or v2767 == 0)))
                                    v2788 = v2802
                                if v2788:
                                    v2764.append(v2767)
                        v1629 = v2764
                    v2720 = v1629
                v2611 = v2720
            if v2611:
                return None
            # 'some-recipient'
            if not ((v2599 or v2599 == 0) or (v1673 or v1673 == 0)):
                return None
            # 'some-sender'
            v2816 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v2818 = v2816 is not ABSENT
            if not v2818:
                v2820 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2818 = v2820 is not ABSENT
            if not v2818:
                return None
            # 'some-content'
            v2837 = output.get('Text-part', ABSENT) if type(output) is dict else ABSENT
            v2839 = (v2837 or v2837 == 0)
            if not v2839:
                v2842 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                v2844 = (v2842 or v2842 == 0)
                if not v2844:
                    v2846 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                    v2844 = v2846 is not ABSENT
                v2839 = v2844
            if not v2839:
                return None
            # 'some-subject'
            v2856 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
            v2858 = (v2856 or v2856 == 0)
            if not v2858:
                v2860 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2858 = v2860 is not ABSENT
            if not v2858:
                say(said, Said('warning', 'MissingSubject', '/subject', {}, 'the message has no subject, and no template that could provide one', 'give a subject', 'some-subject', (), True))
            # 'template-sender'
            v2868 = not (v2816 is not ABSENT)
            if v2868:
                v2870 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2868 = v2870 is not ABSENT
            if v2868:
                v2871 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2872 = v2871 if type(v2871) is str else copy_of(v2871)
                requires.append({'kind': 'template_sender', **({'template_id': v2872} if v2872 is not ABSENT else {})})
            # 'template-overrides'
            v2874 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            if v2874 is not ABSENT:
                if v20 is not ABSENT:
                    if v20:
                        say(said, Said('warning', 'NoEffect', '/text', {'reason': 'template-overrides'}, "the template's own text and HTML override this field", 'omit the body, or omit template_id', 'template-overrides', (), False))
                if v2837 is not ABSENT:
                    v2882 = ((type(v2837) is str) and (v2837 or v2837 == 0))
                    if not v2882:
                        v2884 = v2837.get('content', ABSENT) if type(v2837) is dict else ABSENT
                        v2882 = (v2884 or v2884 == 0)
                    if v2882:
                        v2885 = None
                        if v6 == 1:
                            v2885 = '/text'
                        if v6 == 11:
                            v2885 = place('/esp_extra', v841['Text-part'])
                        say(said, Said('warning', 'NoEffect', v2885 or '', {'reason': 'template-overrides'}, "the template's own text and HTML override this field", 'omit the body, or omit template_id', 'template-overrides', (), False))
                v2886 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                if v2886 is not ABSENT:
                    v2894 = ((type(v2886) is str) and (v2886 or v2886 == 0))
                    if not v2894:
                        v2896 = v2886.get('content', ABSENT) if type(v2886) is dict else ABSENT
                        v2894 = (v2896 or v2896 == 0)
                    if v2894:
                        v2897 = None
                        if v1 == 2:
                            if v2901 is UNKNOWN:
                                if v565 is UNKNOWN:
                                    v565 = places('/html', v21)
                                v2902 = []
                                if v21:
                                    for v2904, v2903 in enumerate(v21):
                                        v2902.append(place(v565[v2904], 'content'))
                                v2901 = v2902
                            v2897 = (v2901[-1] if v2901 else '/html')
                        if v1 == 6:
                            v2897 = place('/esp_extra', v841['Html-part'])
                        say(said, Said('warning', 'NoEffect', v2897 or '', {'reason': 'template-overrides'}, "the template's own text and HTML override this field", 'omit the body, or omit template_id', 'template-overrides', (), False))
            if v2874 is not ABSENT:
                if v21:
                    for v2905 in v21:
                        if v2905['content']:
                            if v21:
                                for v2907, v2906 in enumerate(v21):
                                    if v2906['content']:
                                        if v565 is UNKNOWN:
                                            v565 = places('/html', v21)
                                        say(said, Said('warning', 'NoEffect', v565[v2907] or '', {'reason': 'template-overrides'}, "the template's own text and HTML override this field", 'omit the body, or omit template_id', 'template-overrides', (), False))
                            break
            # 'subject-merge-field'
            if (type(v2856) is str and '[[' in v2856 and in_order(c53, v2856)):
                v2908 = None
                if v5 == 0:
                    v2908 = '/subject'
                if v5 == 10:
                    v2908 = place('/esp_extra', v841['Subject'])
                say(said, Said('warning', 'NoEffect', v2908 or '', {'reason': 'subject-merge-field'}, 'Mailjet does not fill [[…]] in a subject; it would be sent unchanged', 'use a stored template, whose language {{…}} is also filled in the subject', 'subject-merge-field', (), False))
            # 'template-language-off'
            v2916 = v2874 is not ABSENT
            if not v2916:
                v2918 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                v2916 = v2918 is True
            if not v2916:
                if v2856 is not ABSENT:
                    if (type(v2856) is str and '{{' in v2856 and in_order(c54, v2856)):
                        v2919 = None
                        if v5 == 0:
                            v2919 = '/subject'
                        if v5 == 10:
                            v2919 = place('/esp_extra', v841['Subject'])
                        say(said, Said('warning', 'NoEffect', v2919 or '', {'reason': 'template-language-off'}, 'Mailjet does not fill {{…}} without a template or the template language; it would be sent unchanged', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
                if v2837 is not ABSENT:
                    if (type(v2837) is str and '{{' in v2837 and in_order(c54, v2837)):
                        v2920 = None
                        if v6 == 1:
                            v2920 = '/text'
                        if v6 == 11:
                            v2920 = place('/esp_extra', v841['Text-part'])
                        say(said, Said('warning', 'NoEffect', v2920 or '', {'reason': 'template-language-off'}, 'Mailjet does not fill {{…}} without a template or the template language; it would be sent unchanged', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
                v2921 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                if v2921 is not ABSENT:
                    if (type(v2921) is str and '{{' in v2921 and in_order(c54, v2921)):
                        v2922 = None
                        if v1 == 2:
                            if v2901 is UNKNOWN:
                                if v565 is UNKNOWN:
                                    v565 = places('/html', v21)
                                v2926 = []
                                if v21:
                                    for v2928, v2927 in enumerate(v21):
                                        v2926.append(place(v565[v2928], 'content'))
                                v2901 = v2926
                            v2922 = (v2901[-1] if v2901 else '/html')
                        if v1 == 6:
                            v2922 = place('/esp_extra', v841['Html-part'])
                        say(said, Said('warning', 'NoEffect', v2922 or '', {'reason': 'template-language-off'}, 'Mailjet does not fill {{…}} without a template or the template language; it would be sent unchanged', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            # 'unknown-merge-field'
            if not (v2874 is not ABSENT):
                v2929 = ([] if '[[' not in v2837 else c55(v2837, '[[')) if type(v2837) is str else None
                if v2929:
                    if v2955 is UNKNOWN:
                        if v2935 is UNKNOWN:
                            v2961 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                            v2962 = [] if v2961 is not ABSENT else ABSENT
                            if v2961:
                                for v2963 in (v2961 if type(v2961) is list else items_of(v2961)):
                                    v2965 = v2963.get('key', ABSENT) if type(v2963) is dict else ABSENT
                                    if v2965 is not ABSENT:
                                        v2962.append(v2965)
                            v2935 = v2962
                        if v2946 is UNKNOWN:
                            v2971 = [] if v2599 is not ABSENT else ABSENT
                            if v2599:
                                for v2972 in (v2599 if type(v2599) is list else items_of(v2599)):
                                    v2974 = v2972.get('Vars', ABSENT) if type(v2972) is dict else ABSENT
                                    v2975 = v2974
                                    if v2975 is ABSENT:
                                        v2975 = c60
                                    v2971.append(v2975)
                            v2946 = v2971
                        v2976 = c58(v2946) if v2946 is not ABSENT else None
                        v2977 = ABSENT
                        if v2935 is not ABSENT:
                            v2977 = [*v2977, *v2935]
                        if v2976 is not None:
                            v2977 = [*v2977, *(v2976 or ())]
                        v2978 = identities(v2977)
                        v2955 = v2978
                    for v2979 in v2929:
                        if not (v2979 in v2955):
                            if v2929:
                                for v3115, v3114 in enumerate((v2929 or ())):
                                    if not (v3114 in v2955):
                                        v3248 = None
                                        if v6 == 1:
                                            v3248 = '/text'
                                        if v6 == 11:
                                            v3248 = place('/esp_extra', v841['Text-part'])
                                        if v3283 is UNKNOWN:
                                            if v2935 is UNKNOWN:
                                                v3289 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                                                v3290 = [] if v3289 is not ABSENT else ABSENT
                                                if v3289:
                                                    for v3291 in (v3289 if type(v3289) is list else items_of(v3289)):
                                                        v3293 = v3291.get('key', ABSENT) if type(v3291) is dict else ABSENT
                                                        if v3293 is not ABSENT:
                                                            v3290.append(v3293)
                                                v2935 = v3290
                                            if v3270 is UNKNOWN:
                                                if v2946 is UNKNOWN:
                                                    v3310 = [] if v2599 is not ABSENT else ABSENT
                                                    if v2599:
                                                        for v3311 in (v2599 if type(v2599) is list else items_of(v2599)):
                                                            v3313 = v3311.get('Vars', ABSENT) if type(v3311) is dict else ABSENT
                                                            v3314 = v3313
                                                            if v3314 is ABSENT:
                                                                v3314 = c101
                                                            v3310.append(v3314)
                                                    v2946 = v3310
                                                v3315 = c95(v2946) if v2946 is not ABSENT else None
                                                v3270 = v3315
                                            v3316 = ABSENT
                                            if v2935 is not ABSENT:
                                                v3316 = [*v3316, *v2935]
                                            if v3270 is not None:
                                                v3316 = [*v3316, *(v3270 or ())]
                                            v3283 = v3316
                                        v3317 = c102(v3114, v3283) if v3283 is not ABSENT else None
                                        v3318 = v3317
                                        if v3318 is None:
                                            v3318 = 'give every recipient a value in merge_data or merge_global_data, or the field a default: [[var:NAME:default]]'
                                        v3319 = ["the field is '", v3114, "': ", v3318]
                                        v3320 = ''.join(v3319) if v3319 else c3(v3319, '')
                                        say(said, Said('warning', 'UnknownMergeField', ([(v3248 if v3248 is not None else None)] * len((v2929 or ())))[v3115] or '', {'name': v3114}, 'at least one recipient has no value for a merge field, and the field has no default', text(v3320), 'unknown-merge-field', (), False))
                            break
            if not (v2874 is not ABSENT):
                v3321 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                v3322 = ([] if '[[' not in v3321 else c55(v3321, '[[')) if type(v3321) is str else None
                if v3322:
                    if v2955 is UNKNOWN:
                        if v2935 is UNKNOWN:
                            v3351 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                            v3352 = [] if v3351 is not ABSENT else ABSENT
                            if v3351:
                                for v3353 in (v3351 if type(v3351) is list else items_of(v3351)):
                                    v3355 = v3353.get('key', ABSENT) if type(v3353) is dict else ABSENT
                                    if v3355 is not ABSENT:
                                        v3352.append(v3355)
                            v2935 = v3352
                        if v2946 is UNKNOWN:
                            v3361 = [] if v2599 is not ABSENT else ABSENT
                            if v2599:
                                for v3362 in (v2599 if type(v2599) is list else items_of(v2599)):
                                    v3364 = v3362.get('Vars', ABSENT) if type(v3362) is dict else ABSENT
                                    v3365 = v3364
                                    if v3365 is ABSENT:
                                        v3365 = c106
                                    v3361.append(v3365)
                            v2946 = v3361
                        v3366 = c58(v2946) if v2946 is not ABSENT else None
                        v3367 = ABSENT
                        if v2935 is not ABSENT:
                            v3367 = [*v3367, *v2935]
                        if v3366 is not None:
                            v3367 = [*v3367, *(v3366 or ())]
                        v3368 = identities(v3367)
                        v2955 = v3368
                    for v3369 in v3322:
                        if not (v3369 in v2955):
                            if v3322:
                                for v3503, v3502 in enumerate((v3322 or ())):
                                    if not (v3502 in v2955):
                                        v3636 = None
                                        if v1 == 2:
                                            if v2901 is UNKNOWN:
                                                if v565 is UNKNOWN:
                                                    v565 = places('/html', v21)
                                                v3640 = []
                                                if v21:
                                                    for v3642, v3641 in enumerate(v21):
                                                        v3640.append(place(v565[v3642], 'content'))
                                                v2901 = v3640
                                            v3636 = (v2901[-1] if v2901 else '/html')
                                        if v1 == 6:
                                            v3636 = place('/esp_extra', v841['Html-part'])
                                        if v3283 is UNKNOWN:
                                            if v2935 is UNKNOWN:
                                                v3681 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                                                v3682 = [] if v3681 is not ABSENT else ABSENT
                                                if v3681:
                                                    for v3683 in (v3681 if type(v3681) is list else items_of(v3681)):
                                                        v3685 = v3683.get('key', ABSENT) if type(v3683) is dict else ABSENT
                                                        if v3685 is not ABSENT:
                                                            v3682.append(v3685)
                                                v2935 = v3682
                                            if v3270 is UNKNOWN:
                                                if v2946 is UNKNOWN:
                                                    v3702 = [] if v2599 is not ABSENT else ABSENT
                                                    if v2599:
                                                        for v3703 in (v2599 if type(v2599) is list else items_of(v2599)):
                                                            v3705 = v3703.get('Vars', ABSENT) if type(v3703) is dict else ABSENT
                                                            v3706 = v3705
                                                            if v3706 is ABSENT:
                                                                v3706 = c146
                                                            v3702.append(v3706)
                                                    v2946 = v3702
                                                v3707 = c95(v2946) if v2946 is not ABSENT else None
                                                v3270 = v3707
                                            v3708 = ABSENT
                                            if v2935 is not ABSENT:
                                                v3708 = [*v3708, *v2935]
                                            if v3270 is not None:
                                                v3708 = [*v3708, *(v3270 or ())]
                                            v3283 = v3708
                                        v3709 = c102(v3502, v3283) if v3283 is not ABSENT else None
                                        v3710 = v3709
                                        if v3710 is None:
                                            v3710 = 'give every recipient a value in merge_data or merge_global_data, or the field a default: [[var:NAME:default]]'
                                        v3711 = ["the field is '", v3502, "': ", v3710]
                                        v3712 = ''.join(v3711) if v3711 else c3(v3711, '')
                                        say(said, Said('warning', 'UnknownMergeField', ([(v3636 if v3636 is not None else None)] * len((v3322 or ())))[v3503] or '', {'name': v3502}, 'at least one recipient has no value for a merge field, and the field has no default', text(v3712), 'unknown-merge-field', (), False))
                            break
            if not (v2874 is not ABSENT):
                v3715 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                if v3715 is True:
                    v3716 = ([] if '{{' not in v2837 else c55(v2837, '{{')) if type(v2837) is str else None
                    v3717 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                    v3718 = ([] if '{{' not in v3717 else c55(v3717, '{{')) if type(v3717) is str else None
                    v3719 = ABSENT
                    if v3716 is not None:
                        v3719 = [*v3719, *(v3716 or ())]
                    if v3718 is not None:
                        v3719 = [*v3719, *(v3718 or ())]
                    v3714 = v3719
                else:
                    v3714 = ABSENT
                if v3714:
                    if v2955 is UNKNOWN:
                        if v2935 is UNKNOWN:
                            v3748 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                            v3749 = [] if v3748 is not ABSENT else ABSENT
                            if v3748:
                                for v3750 in (v3748 if type(v3748) is list else items_of(v3748)):
                                    v3752 = v3750.get('key', ABSENT) if type(v3750) is dict else ABSENT
                                    if v3752 is not ABSENT:
                                        v3749.append(v3752)
                            v2935 = v3749
                        if v2946 is UNKNOWN:
                            v3758 = [] if v2599 is not ABSENT else ABSENT
                            if v2599:
                                for v3759 in (v2599 if type(v2599) is list else items_of(v2599)):
                                    v3761 = v3759.get('Vars', ABSENT) if type(v3759) is dict else ABSENT
                                    v3762 = v3761
                                    if v3762 is ABSENT:
                                        v3762 = c150
                                    v3758.append(v3762)
                            v2946 = v3758
                        v3763 = c58(v2946) if v2946 is not ABSENT else None
                        v3764 = ABSENT
                        if v2935 is not ABSENT:
                            v3764 = [*v3764, *v2935]
                        if v3763 is not None:
                            v3764 = [*v3764, *(v3763 or ())]
                        v3765 = identities(v3764)
                        v2955 = v3765
                    for v3766 in v3714:
                        if not (identity(v3766) in v2955):
                            if v3714:
                                for v3900, v3899 in enumerate(v3714):
                                    if not (identity(v3899) in v2955):
                                        v4033 = []
                                        if v3715 is True:
                                            v4034 = None
                                            if v6 == 1:
                                                v4034 = '/text'
                                            if v6 == 11:
                                                v4034 = place('/esp_extra', v841['Text-part'])
                                            if v4036 is UNKNOWN:
                                                v4037 = ([] if '{{' not in v2837 else c55(v2837, '{{')) if type(v2837) is str else None
                                                v4036 = v4037
                                            v4038 = None
                                            if v1 == 2:
                                                if v2901 is UNKNOWN:
                                                    if v565 is UNKNOWN:
                                                        v565 = places('/html', v21)
                                                    v4042 = []
                                                    if v21:
                                                        for v4044, v4043 in enumerate(v21):
                                                            v4042.append(place(v565[v4044], 'content'))
                                                    v2901 = v4042
                                                v4038 = (v2901[-1] if v2901 else '/html')
                                            if v1 == 6:
                                                v4038 = place('/esp_extra', v841['Html-part'])
                                            if v4047 is UNKNOWN:
                                                v4048 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                                                v4049 = ([] if '{{' not in v4048 else c55(v4048, '{{')) if type(v4048) is str else None
                                                v4047 = v4049
                                            v4033 = [*([(v4034 if v4034 is not None else None)] * len((v4036 or ()))), *([(v4038 if v4038 is not None else None)] * len((v4047 or ())))]
                                        v4050 = v3899 if type(v3899) is str else copied(v3899)
                                        if v3283 is UNKNOWN:
                                            if v2935 is UNKNOWN:
                                                v4089 = output.get('Vars', ABSENT) if type(output) is dict else ABSENT
                                                v4090 = [] if v4089 is not ABSENT else ABSENT
                                                if v4089:
                                                    for v4091 in (v4089 if type(v4089) is list else items_of(v4089)):
                                                        v4093 = v4091.get('key', ABSENT) if type(v4091) is dict else ABSENT
                                                        if v4093 is not ABSENT:
                                                            v4090.append(v4093)
                                                v2935 = v4090
                                            if v3270 is UNKNOWN:
                                                if v2946 is UNKNOWN:
                                                    v4110 = [] if v2599 is not ABSENT else ABSENT
                                                    if v2599:
                                                        for v4111 in (v2599 if type(v2599) is list else items_of(v2599)):
                                                            v4113 = v4111.get('Vars', ABSENT) if type(v4111) is dict else ABSENT
                                                            v4114 = v4113
                                                            if v4114 is ABSENT:
                                                                v4114 = c190
                                                            v4110.append(v4114)
                                                    v2946 = v4110
                                                v4115 = c95(v2946) if v2946 is not ABSENT else None
                                                v3270 = v4115
                                            v4116 = ABSENT
                                            if v2935 is not ABSENT:
                                                v4116 = [*v4116, *v2935]
                                            if v3270 is not None:
                                                v4116 = [*v4116, *(v3270 or ())]
                                            v3283 = v4116
                                        v4117 = c102(v3899, v3283) if type(v3899) is str and v3283 is not ABSENT else None
                                        v4118 = v4117
                                        if v4118 is None:
                                            v4118 = 'give every recipient a value in merge_data or merge_global_data, or the field a default: [[var:NAME:default]]'
                                        v4119 = ["the field is '", v3899, "': ", v4118]
                                        v4120 = ''.join(v4119) if v4119 else c3(v4119, '')
                                        say(said, Said('warning', 'UnknownMergeField', v4033[v3900] or '', {'name': v4050}, 'at least one recipient has no value for a merge field, and the field has no default', text(v4120), 'unknown-merge-field', (), False))
                            break
            # 'merge-field-syntax'
            if not (v2874 is not ABSENT):
                if v2837 is not ABSENT:
                    v4160 = ([] if '[[' not in v2837 else c191(v2837, '[[')) if type(v2837) is str else None
                    v4168 = v4160
                    if not v4168:
                        v4178 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                        v4180 = v4178 is True
                        if v4180:
                            v4182 = ([] if '{{' not in v2837 else c191(v2837, '{{')) if type(v2837) is str else None
                            v4180 = v4182
                        v4168 = v4180
                    if v4168:
                        v4183 = None
                        if v6 == 1:
                            v4183 = '/text'
                        if v6 == 11:
                            v4183 = place('/esp_extra', v841['Text-part'])
                        say(said, Said('warning', 'NoEffect', v4183 or '', {'reason': 'merge-field-syntax'}, 'Mailjet does not recognize this spelling of a merge field; it would be sent unchanged', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
                v4184 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
                if v4184 is not ABSENT:
                    v4224 = ([] if '[[' not in v4184 else c191(v4184, '[[')) if type(v4184) is str else None
                    v4232 = v4224
                    if not v4232:
                        v4242 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
                        v4244 = v4242 is True
                        if v4244:
                            v4246 = ([] if '{{' not in v4184 else c191(v4184, '{{')) if type(v4184) is str else None
                            v4244 = v4246
                        v4232 = v4244
                    if v4232:
                        v4247 = None
                        if v1 == 2:
                            if v2901 is UNKNOWN:
                                if v565 is UNKNOWN:
                                    v565 = places('/html', v21)
                                v4251 = []
                                if v21:
                                    for v4253, v4252 in enumerate(v21):
                                        v4251.append(place(v565[v4253], 'content'))
                                v2901 = v4251
                            v4247 = (v2901[-1] if v2901 else '/html')
                        if v1 == 6:
                            v4247 = place('/esp_extra', v841['Html-part'])
                        say(said, Said('warning', 'NoEffect', v4247 or '', {'reason': 'merge-field-syntax'}, 'Mailjet does not recognize this spelling of a merge field; it would be sent unchanged', 'write [[var:NAME]] or [[var:NAME:default]], without spaces around the name and with var in lower case', 'merge-field-syntax', (), False))
            # 'subject-merge-field-syntax'
            v4263 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            v4265 = v4263 is True
            if v4265:
                v4267 = ([] if '{{' not in v2856 else c191(v2856, '{{')) if type(v2856) is str else None
                v4265 = v4267
            if v4265:
                v4268 = None
                if v5 == 0:
                    v4268 = '/subject'
                if v5 == 10:
                    v4268 = place('/esp_extra', v841['Subject'])
                say(said, Said('warning', 'NoEffect', v4268 or '', {'reason': 'merge-field-syntax'}, 'Mailjet does not recognize this spelling of a merge field; it would be sent unchanged', 'write {{var:NAME}} or {{var:NAME:default}}, without spaces around the name and with var in lower case', 'subject-merge-field-syntax', (), False))
            # 'needs-approval'
            v4282 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
            if v1259 is UNKNOWN:
                if v1253 is UNKNOWN:
                    v4290 = c47(v4282) if type(v4282) is str else None
                    v1253 = v4290
                v4291 = ABSENT
                if v1253:
                    for v4292 in (v1253 or ()):
                        v4294 = v4292.get('email', ABSENT)
                        if v4294 is not ABSENT:
                            v4291 = v4294
                            break
                v1259 = v4291
            if (v1259 is not ABSENT and v1259 == v4282):
                v4296 = ABSENT
                if v32:
                    for v4297 in sorted(v32):
                        v4299 = v32[v4297]
                        v4300 = v4297.lower() if v4297.isascii() else c9(v4297)
                        if v4300 == 'sender':
                            v4296 = v4299
                            break
                if v4306 is UNKNOWN:
                    if v690 is UNKNOWN:
                        v690 = places('/esp_extra', v32)
                    v4307 = []
                    if v32:
                        for v4309, v4308 in enumerate(sorted(v32)):
                            v4311 = v4308.lower() if v4308.isascii() else c9(v4308)
                            if v4311 == 'sender':
                                v4307.append(v690[v4309])
                    v4306 = v4307
                if v4296 is not ABSENT:
                    v4295 = (v4306[0] if v4306 else '/esp_extra')
                else:
                    if v9 is not ABSENT:
                        v4295 = '/envelope_sender'
                    else:
                        if v8 is not ABSENT:
                            v4295 = '/from_email'
                        else:
                            v4295 = ((v4306[0] if v4306 else '/esp_extra') if (v4306[0] if v4306 else '/esp_extra') is not None else '/envelope_sender')
                say(said, Said('warning', 'NeedsApproval', v4295 or '', {}, 'Mailjet rejects a custom envelope sender unless its support has approved it for the account', 'omit it if it was not approved', 'needs-approval', (), False))
            # 'tracking-without-html'
            v4315 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if not ((v4315 or v4315 == 0) or v2874 is not ABSENT):
                v4316 = output.get('Mj-trackclick', ABSENT) if type(output) is dict else ABSENT
                if v4316 is not ABSENT:
                    if (type(v4316) in c192 and 1 <= v4316 <= 2):
                        v4317 = None
                        if v3 == 4:
                            v4317 = '/track_clicks'
                        if v3 == 8:
                            v4317 = place('/esp_extra', v841['Mj-trackclick'])
                        say(said, Said('warning', 'NoEffect', v4317 or '', {'reason': 'tracking-without-html'}, 'tracking has no effect without an HTML part', 'give the HTML as an alternative of type text/html, or omit this field', 'tracking-without-html', (), False))
                v4318 = output.get('Mj-trackopen', ABSENT) if type(output) is dict else ABSENT
                if v4318 is not ABSENT:
                    if (type(v4318) in c192 and 1 <= v4318 <= 2):
                        v4319 = None
                        if v4 == 5:
                            v4319 = '/track_opens'
                        if v4 == 9:
                            v4319 = place('/esp_extra', v841['Mj-trackopen'])
                        say(said, Said('warning', 'NoEffect', v4319 or '', {'reason': 'tracking-without-html'}, 'tracking has no effect without an HTML part', 'give the HTML as an alternative of type text/html, or omit this field', 'tracking-without-html', (), False))
            # 'unreferenced'
            if not (v2874 is not ABSENT):
                if v28:
                    if v4332 is UNKNOWN:
                        if v4325 is UNKNOWN:
                            v4338 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                            v4339 = [] if v4338 is not ABSENT else ABSENT
                            if v4338:
                                for v4340 in (v4338 if type(v4338) is list else items_of(v4338)):
                                    v4342 = v4340.get('Filename', ABSENT) if type(v4340) is dict else ABSENT
                                    if v4342 is not ABSENT:
                                        v4339.append(v4342)
                            v4325 = v4339
                        v4343 = identities(v4325)
                        v4332 = v4343
                    if v4346 is UNKNOWN:
                        v4347 = c193(v4315) if type(v4315) is str else None
                        v4348 = set((v4347 or ()))
                        v4346 = v4348
                    for v4349 in v28:
                        v4376 = v4349['inline'] is True
                        if v4376:
                            v4391 = v4349.get('content_id', ABSENT)
                            v4376 = ((v4391 is not ABSENT and v4391 in v4332) and not (v4391 is not ABSENT and v4391 in v4346))
                        if v4376:
                            if v28:
                                for v4405, v4404 in enumerate(v28):
                                    v4431 = v4404['inline'] is True
                                    if v4431:
                                        v4446 = v4404.get('content_id', ABSENT)
                                        v4431 = ((v4446 is not ABSENT and v4446 in v4332) and not (v4446 is not ABSENT and v4446 in v4346))
                                    if v4431:
                                        if v605 is UNKNOWN:
                                            v605 = places('/attachments', v28)
                                        say(said, Said('warning', 'NoEffect', v605[v4405] or '', {'reason': 'unreferenced'}, 'the HTML has no cid: reference to this inline attachment', 'refer to it as cid: and its content_id, or attach it without disposition inline', 'unreferenced', (), False))
                            break
            # 'dangling-reference'
            v4532 = not (v2874 is not ABSENT)
            if v4532:
                if v4325 is UNKNOWN:
                    v4550 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                    v4551 = [] if v4550 is not ABSENT else ABSENT
                    if v4550:
                        for v4552 in (v4550 if type(v4550) is list else items_of(v4550)):
                            v4554 = v4552.get('Filename', ABSENT) if type(v4552) is dict else ABSENT
                            if v4554 is not ABSENT:
                                v4551.append(v4554)
                    v4325 = v4551
                v4555 = v4325
                if v4555 is ABSENT:
                    v4555 = c202
                v4556 = c195(v4315, v4555) if type(v4315) is str else None
                v4532 = v4556
            if v4532:
                v4557 = None
                if v1 == 2:
                    if v2901 is UNKNOWN:
                        if v565 is UNKNOWN:
                            v565 = places('/html', v21)
                        v4561 = []
                        if v21:
                            for v4563, v4562 in enumerate(v21):
                                v4561.append(place(v565[v4563], 'content'))
                        v2901 = v4561
                    v4557 = (v2901[-1] if v2901 else '/html')
                if v1 == 6:
                    v4557 = place('/esp_extra', v841['Html-part'])
                say(said, Said('warning', 'NoEffect', v4557 or '', {'reason': 'dangling-reference'}, 'the HTML has a cid: reference to a missing attachment', 'attach the file with disposition inline and this content_id, or correct the reference', 'dangling-reference', (), False))
            # 'subject-length'
            if type(v2856) is str and len(v2856) > 255: return None
            # 'campaign-length'
            v4564 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
            if type(v4564) is str and len(v4564) > 255: return None
            # 'to-count'
            v4565 = c47(v1673) if type(v1673) is str else None
            v4566 = [] if v4565 is not None else ABSENT
            if v4565:
                for v4567 in (v4565 or ()):
                    v4569 = v4567.get('email', ABSENT)
                    v4570 = (v4569.lower() if v4569.isascii() else c4(v4569)) if v4569 is not ABSENT else None
                    if v4570 is not None:
                        v4566.append(v4570)
            v4571 = distinct(v4566) if v4566 is not ABSENT else ABSENT
            if v4571 is not ABSENT and len(v4571) > 50: return None
            # 'cc-count'
            v4572 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
            v4573 = c47(v4572) if type(v4572) is str else None
            v4574 = [] if v4573 is not None else ABSENT
            if v4573:
                for v4575 in (v4573 or ()):
                    v4577 = v4575.get('email', ABSENT)
                    v4578 = (v4577.lower() if v4577.isascii() else c4(v4577)) if v4577 is not ABSENT else None
                    if v4578 is not None:
                        v4574.append(v4578)
            v4579 = distinct(v4574) if v4574 is not ABSENT else ABSENT
            if v4579 is not ABSENT and len(v4579) > 50: return None
            # 'bcc-count'
            v4580 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
            v4581 = c47(v4580) if type(v4580) is str else None
            v4582 = [] if v4581 is not None else ABSENT
            if v4581:
                for v4583 in (v4581 or ()):
                    v4585 = v4583.get('email', ABSENT)
                    v4586 = (v4585.lower() if v4585.isascii() else c4(v4585)) if v4585 is not ABSENT else None
                    if v4586 is not None:
                        v4582.append(v4586)
            v4587 = distinct(v4582) if v4582 is not ABSENT else ABSENT
            if v4587 is not ABSENT and len(v4587) > 50: return None
            # 'recipients-count'
            if type(v2599) is list and len(v2599) > 100: return None
            # 'message-size'
            v4588 = (len(v2837) if v2837.isascii() else c203(v2837)) if type(v2837) is str else None
            if v18:
                if v4591 is UNKNOWN:
                    v4592 = (len(v2599) if True else c204(v2599)) if type(v2599) is list else None
                    v4591 = v4592
                v4589 = (ABSENT if v4591 is None else v4591)
            else:
                v4589 = 1
            v4593 = (v4588 * v4589 if True else c205(v4588, v4589)) if type(v4588) is int and type(v4589) is int else None
            v4594 = (len(v4315) if v4315.isascii() else c203(v4315)) if type(v4315) is str else None
            v4595 = (v4594 * v4589 if True else c205(v4594, v4589)) if type(v4594) is int and type(v4589) is int else None
            if v1514 is UNKNOWN:
                v4599 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v4600 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v4601 = ABSENT
                if v4599 is not ABSENT:
                    v4601 = [*v4601, *(v4599 if type(v4599) is list else items_of(v4599))]
                if v4600 is not ABSENT:
                    v4601 = [*v4601, *(v4600 if type(v4600) is list else items_of(v4600))]
                v1514 = v4601
            v4602 = [] if v1514 is not ABSENT else ABSENT
            if v1514:
                for v4603 in v1514:
                    v4605 = v4603.get('content', ABSENT) if type(v4603) is dict else ABSENT
                    v4606 = c51(v4605) if type(v4605) is str else None
                    if v4606 is not None:
                        v4602.append(v4606)
            v4607 = c206(v4602) if v4602 is not ABSENT else None
            v4608 = (v4607 * v4589 if True else c205(v4607, v4589)) if type(v4607) is int and type(v4589) is int else None
            v4609 = []
            if v4593 is not None:
                v4609.append(v4593)
            if v4595 is not None:
                v4609.append(v4595)
            if v4608 is not None:
                v4609.append(v4608)
            if True and total(v4609) > 15000000: return None
            output = without_empties(output)
            # 'own-messages'
            if v18:
                v4610 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
                v4611 = [] if v4610 is not ABSENT else ABSENT
                if v4610:
                    for v4612 in (v4610 if type(v4610) is list else items_of(v4610)):
                        v4614 = without(output, c207)
                        v4615 = [v4612]
                        v4616 = output.get('Mj-EventPayLoad', ABSENT) if type(output) is dict else ABSENT
                        v4617 = v4616
                        if v4617 is ABSENT:
                            v4618 = v4612.get('Email', ABSENT) if type(v4612) is dict else ABSENT
                            v4619 = v18.get(v4618, ABSENT) if type(v18) is dict and type(v4618) is str else ABSENT
                            v4620 = merged((v33, v4619, ))
                            v4621 = c14(v4620) if v4620 is not ABSENT else None
                            v4617 = (ABSENT if v4621 is None else v4621)
                        v4622 = {}
                        if v4615:
                            v4622['Recipients'] = v4615
                        if (v4617 or type(v4617) not in EMPTY_TYPES):
                            v4622['Mj-EventPayLoad'] = v4617
                        v4623 = merged((v4614, v4622, ))
                        v4624 = copy_of(v4623)
                        if v4624 is not ABSENT:
                            v4611.append(v4624)
                v4625 = {}
                if v4611:
                    v4625['Messages'] = v4611
                if v4625:
                    output = written(output, c44, v4625)
                    v1 = 12
                    v2 = 13
                    v3 = 14
                    v4 = 15
                    v5 = 16
                    v6 = 17
            return output, tuple(said.values()) if said else (), tuple(requires)
        except GiveUpError:
            return None

    return run
