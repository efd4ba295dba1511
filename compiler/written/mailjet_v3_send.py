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
from compiler.engine.support import same as same
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
c9 = frozenset({'x-mailjet-trackclick', 'x-mailjet-trackopen'})
c10 = re.compile('x-mj-.*', 272)
c11 = MESSAGE_FUNCTIONS['json_text'].apply
c12 = frozenset({'advanceerrorhandling', 'customcampaign', 'customid', 'deduplicatecampaign', 'eventpayload', 'from', 'globals', 'htmlpart', 'inlinedattachments', 'monitoringcategory', 'priority', 'replyto', 'sandboxmode', 'templateerrordeliver', 'templateerrorreporting', 'templateid', 'templatelanguage', 'textpart', 'trackclicks', 'trackopens', 'urltags', 'variables'})
c15 = ['FromEmail', 'FromName', 'Sender', 'Recipients', 'To', 'Cc', 'Bcc', 'Subject', 'Text-part', 'Html-part', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'MJ-TemplateErrorReporting', 'MJ-TemplateErrorDeliver', 'Attachments', 'Inline_attachments', 'Mj-prio', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-trackopen', 'Mj-trackclick', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Headers', 'Vars', 'Messages']
c16 = ['from', 'replyto', 'textpart', 'htmlpart', 'templateid', 'templatelanguage', 'templateerrorreporting', 'templateerrordeliver', 'inlinedattachments', 'priority', 'customcampaign', 'deduplicatecampaign', 'trackopens', 'trackclicks', 'customid', 'eventpayload', 'monitoringcategory', 'variables', 'urltags', 'sandboxmode', 'globals', 'advanceerrorhandling']
c41 = MESSAGE_FUNCTIONS['text'].apply
c42 = ()
c43 = {(): {'fromemail': 'FromEmail', 'fromname': 'FromName', 'sender': 'Sender', 'recipients': 'Recipients', 'to': 'To', 'cc': 'Cc', 'bcc': 'Bcc', 'subject': 'Subject', 'text-part': 'Text-part', 'html-part': 'Html-part', 'mj-templateid': 'Mj-TemplateID', 'mj-templatelanguage': 'Mj-TemplateLanguage', 'mj-templateerrorreporting': 'MJ-TemplateErrorReporting', 'mj-templateerrordeliver': 'MJ-TemplateErrorDeliver', 'attachments': 'Attachments', 'inline_attachments': 'Inline_attachments', 'mj-prio': 'Mj-prio', 'mj-campaign': 'Mj-campaign', 'mj-deduplicatecampaign': 'Mj-deduplicatecampaign', 'mj-trackopen': 'Mj-trackopen', 'mj-trackclick': 'Mj-trackclick', 'mj-customid': 'Mj-CustomID', 'mj-eventpayload': 'Mj-EventPayLoad', 'mj-monitoringcategory': 'Mj-MonitoringCategory', 'headers': 'Headers', 'vars': 'Vars', 'messages': 'Messages'}, ('Headers', ): {'reply-to': 'Reply-To'}}
c44 = ('maxLength', 'maxItems', )
c45 = MESSAGE_FUNCTIONS['addresses'].apply
c46 = MESSAGE_FUNCTIONS['holds'].apply
c47 = MESSAGE_FUNCTIONS['has_line_break'].apply
c48 = MESSAGE_FUNCTIONS['base64_size'].apply
c49 = frozenset({'bcc', 'cc', 'recipients', 'to'})
c50 = ('[[', ']]', )
c51 = ('{{', '}}', )
c52 = frozenset({float, int})
c53 = MESSAGE_FUNCTIONS['content_id_references'].apply
c54 = MESSAGE_FUNCTIONS['count'].apply
c55 = MESSAGE_FUNCTIONS['product'].apply
c56 = frozenset({'Messages'})


def accepts(document, exempt):  # its guard is imported where it is asked
    from compiler.guards.payload import accepts

    return accepts(document)


def run(document, ignored, copied):
    try:
        get = document.get
        output = {}
        said = {}
        requires = []
        v35 = v36 = v79 = v118 = v131 = v132 = v133 = v134 = v142 = v154 = v160 = v211 = v215 = v220 = v423 = v560 = v561 = v566 = v567 = v571 = v572 = v600 = v622 = v640 = v659 = v749 = v755 = v1192 = v1198 = v1442 = v1509 = v2786 = v2848 = v2868 = v2877 = v3028 = UNKNOWN
        v1 = v2 = v3 = v4 = v5 = None
        v6 = get('header_from', ABSENT)
        v7 = get('from_email', ABSENT)
        v8 = get('envelope_sender', ABSENT)
        v9 = get('header_to', ABSENT)
        v10 = get('cc', ABSENT)
        v11 = get('bcc', ABSENT)
        v12 = get('to', ABSENT)
        v13 = get('merge_data', ABSENT)
        v14 = get('from_defaults', ABSENT)
        v15 = get('merge_metadata', ABSENT)
        v16 = get('subject', ABSENT)
        v17 = get('text', ABSENT)
        v18 = get('html', ABSENT)
        v19 = get('other_parts', ABSENT)
        v20 = get('content_subtype', ABSENT)
        v21 = get('template_id', ABSENT)
        v22 = get('tags', ABSENT)
        v23 = get('send_at', ABSENT)
        v24 = get('merge_global_data', ABSENT)
        v25 = get('attachments', ABSENT)
        v26 = get('headers', ABSENT)
        v27 = get('header_reply_to', ABSENT)
        v28 = get('reply_to', ABSENT)
        v29 = get('metadata', ABSENT)
        v30 = get('track_clicks', ABSENT)
        v31 = get('track_opens', ABSENT)
        v32 = get('esp_extra', ABSENT)
        v33 = get('template_sender', ABSENT)
        # 'sender'
        v34 = v7[1:] if v7 is not ABSENT else ABSENT
        if v34:
            if ignored is not True and 'multiple from emails' not in ignored: return None
            if v36 is UNKNOWN:
                if v35 is UNKNOWN:
                    v35 = places('/from_email', v7)
                v36 = v35[1:]
            for v37 in v36:
                say(said, Said('warning', 'FeatureDropped', v37 or '', {'feature': 'multiple from emails'}, 'not supported: multiple from emails; ignored, as asked', 'A message has one sender; a From header is it, where there is one.', 'sender'))
        v38 = v6.get('email', ABSENT) if v6 is not ABSENT else ABSENT
        v39 = v38
        if v39 is ABSENT:
            v40 = v7[0] if v7 else ABSENT
            v41 = v40.get('email', ABSENT) if v40 is not ABSENT else ABSENT
            v39 = v41
        if v39 is not ABSENT:
            output['FromEmail'] = v39
        # 'sender-name'
        if v6 is not ABSENT:
            v43 = v6.get('name', ABSENT) if v6 is not ABSENT else ABSENT
            v44 = (v43 if '=?' not in v43 else c1(v43)) if v43 is not ABSENT else None
            v42 = (ABSENT if v44 is None else v44)
        else:
            v45 = v7[0] if v7 else ABSENT
            v46 = v45.get('name', ABSENT) if v45 is not ABSENT else ABSENT
            v47 = (v46 if '=?' not in v46 else c1(v46)) if v46 is not ABSENT else None
            v42 = (ABSENT if v47 is None else v47)
        if v42 is not ABSENT:
            output['FromName'] = v42
        # 'envelope-sender'
        if v8 is not ABSENT:
            v49 = v8.get('email', ABSENT) if v8 is not ABSENT else ABSENT
            v48 = v49
        else:
            if v6 is not ABSENT:
                v50 = v7[0] if v7 else ABSENT
                v51 = v50.get('email', ABSENT) if v50 is not ABSENT else ABSENT
                v48 = v51
            else:
                v48 = ABSENT
        if v48 is not ABSENT:
            output['Sender'] = v48
        # 'envelope-sender-name'
        v52 = v8.get('name', ABSENT) if v8 is not ABSENT else ABSENT
        if v52 is not ABSENT:
            if v52:
                say(said, Said('warning', 'NoEffect', '/envelope_sender', {'reason': 'sender-name'}, 'the envelope sender is a bare address; its name is not sent', 'give the name in from_email, or in a From header', 'envelope-sender-name', (), False))
        # 'spoofed-to'
        if v9 is not ABSENT:
            if ignored is not True and 'spoofed to header' not in ignored: return None
            for v53 in ['/header_to']:
                say(said, Said('warning', 'FeatureDropped', v53 or '', {'feature': 'spoofed to header'}, 'not supported: spoofed to header; ignored, as asked', 'Mailjet writes the To header itself.', 'spoofed-to'))
        # 'recipients'
        if (v10 or v11):
            # 'to'
            v54 = [] if v12 is not ABSENT else ABSENT
            if v12:
                for v55 in v12:
                    v57 = c2(v55)
                    if v57 is not None:
                        v54.append(v57)
            v58 = (', '.join(v54) if v54 else c3(v54, ', ')) if v54 is not ABSENT else None
            if v58 is not None:
                output['To'] = v58
            # 'cc'
            v59 = [] if v10 is not ABSENT else ABSENT
            if v10:
                for v60 in v10:
                    v62 = c2(v60)
                    if v62 is not None:
                        v59.append(v62)
            v63 = (', '.join(v59) if v59 else c3(v59, ', ')) if v59 is not ABSENT else None
            if v63 is not None:
                output['Cc'] = v63
            # 'bcc'
            v64 = [] if v11 is not ABSENT else ABSENT
            if v11:
                for v65 in v11:
                    v67 = c2(v65)
                    if v67 is not None:
                        v64.append(v67)
            v68 = (', '.join(v64) if v64 else c3(v64, ', ')) if v64 is not ABSENT else None
            if v68 is not None:
                output['Bcc'] = v68
            pass
        else:
            # 'private-recipients'
            v69 = [] if v12 is not ABSENT else ABSENT
            if v12:
                for v70 in v12:
                    v72 = v70.get('name', ABSENT)
                    v73 = (v72 if '=?' not in v72 else c1(v72)) if v72 is not ABSENT else None
                    v74 = v13.get(v70['email'], ABSENT) if v13 is not ABSENT else ABSENT
                    v75 = copied(v74)
                    v76 = {'Email': v70['email']}
                    if v73 is not None:
                        v76['Name'] = v73
                    if v75:
                        v76['Vars'] = v75
                    v69.append(v76)
            if v69:
                output['Recipients'] = v69
        # 'merge-data-with-copies'
        if (v10 or v11):
            if v13 is not ABSENT:
                return None
        # 'visible-recipients'
        v93 = v12[1:] if v12 is not ABSENT else ABSENT
        v99 = v93
        if v99:
            v102 = not v10
            if not v102:
                if v79 is UNKNOWN:
                    v104 = set(v14)
                    v79 = v104
                v102 = ('cc' in v79)
            v110 = v102
            if v110:
                v113 = not v11
                if not v113:
                    if v79 is UNKNOWN:
                        v115 = set(v14)
                        v79 = v115
                    v113 = ('bcc' in v79)
                v110 = v113
            v99 = v110
        if v99:
            if v14:
                if v14:
                    for v116 in v14:
                        if v118 is UNKNOWN:
                            v118 = [*(['/cc'] if v10 is not ABSENT else ()), *(['/bcc'] if v11 is not ABSENT else ())]
                        say(said, Said('warning', 'RecipientsVisible', '/to', {}, 'everybody in to now sees everybody else, because of cc or bcc in the defaults', 'set cc and bcc to null in the message to send each recipient a private one', 'visible-recipients', tuple(each for each in v118[:100] if each is not None), False))
        # 'duplicate-recipients'
        v119 = ABSENT
        if v12 is not ABSENT:
            v119 = [*v119, *v12]
        if v10 is not ABSENT:
            v119 = [*v119, *v10]
        if v11 is not ABSENT:
            v119 = [*v119, *v11]
        v120 = [] if v119 is not ABSENT else ABSENT
        v121 = set()
        if v119:
            for v125 in v119:
                v127 = v125.get('email', ABSENT) if type(v125) is dict else ABSENT
                v128 = (v127.lower() if v127.isascii() else c4(v127)) if type(v127) is str else None
                if v128 is not None:
                    if v128 in v121:
                        v120.append(v125)
                    v121.add(v128)
        if v120:
            if v120:
                for v130, v129 in enumerate(v120):
                    if v142 is UNKNOWN:
                        if v134 is UNKNOWN:
                            if v131 is UNKNOWN:
                                v131 = places('/to', v12)
                            if v132 is UNKNOWN:
                                v132 = places('/cc', v10)
                            if v133 is UNKNOWN:
                                v133 = places('/bcc', v11)
                            v134 = [*v131, *v132, *v133]
                        v143 = []
                        v144 = set()
                        if v119:
                            for v146, v145 in enumerate(v119):
                                v147 = v145.get('email', ABSENT) if type(v145) is dict else ABSENT
                                v148 = (v147.lower() if v147.isascii() else c4(v147)) if type(v147) is str else None
                                if v148 is not None:
                                    v149 = identity(v148)
                                    if v149 in v144:
                                        v143.append(v134[v146])
                                    v144.add(v149)
                        v142 = v143
                    say(said, Said('warning', 'DuplicateRecipient', v142[v130] or '', {}, 'this address is among the recipients already', 'name each recipient once', 'duplicate-recipients', (), False))
        # 'unused-data'
        if v13:
            if v160 is UNKNOWN:
                if v154 is UNKNOWN:
                    v165 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v166 in v12:
                            v168 = v166['email'].lower() if v166['email'].isascii() else c4(v166['email'])
                            if v168 is not None:
                                v165.append(v168)
                    v154 = v165
                v169 = set(v154)
                v160 = v169
            for v170 in v13:
                v181 = v170.lower() if v170.isascii() else c4(v170)
                if not (v181 is not None and v181 in v160):
                    if v13:
                        for v191, v190 in enumerate(sorted(v13)):
                            v202 = v190.lower() if v190.isascii() else c4(v190)
                            if not (v202 is not None and v202 in v160):
                                if v211 is UNKNOWN:
                                    v211 = places('/merge_data', v13)
                                say(said, Said('warning', 'UnusedData', v211[v191] or '', {}, 'there is merge data for this address, which is not in to', 'check its spelling, or leave it out', 'unused-data', (), False))
                    break
        # 'case-mismatch'
        if v13:
            if v220 is UNKNOWN:
                if v215 is UNKNOWN:
                    v224 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v225 in v12:
                            v224.append(v225['email'])
                    v215 = v224
                v227 = set(v215)
                v220 = v227
            if v160 is UNKNOWN:
                if v154 is UNKNOWN:
                    v241 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v242 in v12:
                            v244 = v242['email'].lower() if v242['email'].isascii() else c4(v242['email'])
                            if v244 is not None:
                                v241.append(v244)
                    v154 = v241
                v245 = set(v154)
                v160 = v245
            for v246 in v13:
                v278 = not (v246 in v220)
                if v278:
                    v288 = v246.lower() if v246.isascii() else c4(v246)
                    v278 = (v288 is not None and v288 in v160)
                if v278:
                    if v13:
                        for v298, v297 in enumerate(sorted(v13)):
                            v330 = not (v297 in v220)
                            if v330:
                                v340 = v297.lower() if v297.isascii() else c4(v297)
                                v330 = (v340 is not None and v340 in v160)
                            if v330:
                                if v211 is UNKNOWN:
                                    v211 = places('/merge_data', v13)
                                say(said, Said('warning', 'CaseMismatch', v211[v298] or '', {}, 'this address is in to in another case; this merge data goes to nobody', 'spell it as in to', 'case-mismatch', (), False))
                    break
        # 'recipient-without-data'
        v353 = [] if v12 is not ABSENT else ABSENT
        if v12:
            for v354 in v12:
                v356 = v13.get(v354['email'], ABSENT) if v13 is not ABSENT else ABSENT
                if v356 is not ABSENT:
                    v353.append(v354)
        if v353:
            if v12:
                for v357 in v12:
                    v359 = v13.get(v357['email'], ABSENT) if v13 is not ABSENT else ABSENT
                    if not (v359 is not ABSENT):
                        if v12:
                            for v361, v360 in enumerate(v12):
                                v363 = v13.get(v360['email'], ABSENT) if v13 is not ABSENT else ABSENT
                                if not (v363 is not ABSENT):
                                    if v131 is UNKNOWN:
                                        v131 = places('/to', v12)
                                    say(said, Said('warning', 'RecipientWithoutData', v131[v361] or '', {}, 'this recipient has no merge data, and others have', 'give it an entry; an empty one if it needs no values', 'recipient-without-data', (), False))
                        break
        # 'merge-metadata-with-copies'
        if (v15 and (v10 or v11)):
            if v15 is not ABSENT:
                return None
        # 'unused-metadata'
        if v15:
            if v160 is UNKNOWN:
                if v154 is UNKNOWN:
                    v377 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v378 in v12:
                            v380 = v378['email'].lower() if v378['email'].isascii() else c4(v378['email'])
                            if v380 is not None:
                                v377.append(v380)
                    v154 = v377
                v381 = set(v154)
                v160 = v381
            for v382 in v15:
                v393 = v382.lower() if v382.isascii() else c4(v382)
                if not (v393 is not None and v393 in v160):
                    if v15:
                        for v403, v402 in enumerate(sorted(v15)):
                            v414 = v402.lower() if v402.isascii() else c4(v402)
                            if not (v414 is not None and v414 in v160):
                                if v423 is UNKNOWN:
                                    v423 = places('/merge_metadata', v15)
                                say(said, Said('warning', 'UnusedData', v423[v403] or '', {}, 'there is metadata for this address, which is not in to', 'check its spelling, or leave it out', 'unused-metadata', (), False))
                    break
        # 'metadata-case-mismatch'
        if v15:
            if v220 is UNKNOWN:
                if v215 is UNKNOWN:
                    v434 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v435 in v12:
                            v434.append(v435['email'])
                    v215 = v434
                v437 = set(v215)
                v220 = v437
            if v160 is UNKNOWN:
                if v154 is UNKNOWN:
                    v451 = [] if v12 is not ABSENT else ABSENT
                    if v12:
                        for v452 in v12:
                            v454 = v452['email'].lower() if v452['email'].isascii() else c4(v452['email'])
                            if v454 is not None:
                                v451.append(v454)
                    v154 = v451
                v455 = set(v154)
                v160 = v455
            for v456 in v15:
                v488 = not (v456 in v220)
                if v488:
                    v498 = v456.lower() if v456.isascii() else c4(v456)
                    v488 = (v498 is not None and v498 in v160)
                if v488:
                    if v15:
                        for v508, v507 in enumerate(sorted(v15)):
                            v540 = not (v507 in v220)
                            if v540:
                                v550 = v507.lower() if v507.isascii() else c4(v507)
                                v540 = (v550 is not None and v550 in v160)
                            if v540:
                                if v423 is UNKNOWN:
                                    v423 = places('/merge_metadata', v15)
                                say(said, Said('warning', 'CaseMismatch', v423[v508] or '', {}, 'this address is in to in another case; this metadata goes to nobody', 'spell it as in to', 'metadata-case-mismatch', (), False))
                    break
        # 'subject'
        if v16 is not ABSENT:
            output['Subject'] = v16
            v4 = 0
        # 'text'
        if v17 is not ABSENT:
            output['Text-part'] = v17
            v5 = 1
        # 'html'
        v559 = v18[1:] if v18 is not ABSENT else ABSENT
        if v559:
            if ignored is not True and 'multiple html parts' not in ignored: return None
            if v561 is UNKNOWN:
                if v560 is UNKNOWN:
                    v560 = places('/html', v18)
                v561 = v560[1:]
            for v562 in v561:
                say(said, Said('warning', 'FeatureDropped', v562 or '', {'feature': 'multiple html parts'}, 'not supported: multiple html parts; ignored, as asked', 'One HTML body; the last is the one Anymail keeps when it may.', 'html'))
        v564 = ABSENT
        if v18:
            v563 = v18[-1]
            v564 = v563['content']
        if v564 is not ABSENT:
            output['Html-part'] = v564
            v1 = 2
        # 'other-parts'
        v565 = v19 if v19 is not ABSENT else ABSENT
        if v565:
            if ignored is not True and 'alternative part' not in ignored: return None
            if v567 is UNKNOWN:
                if v566 is UNKNOWN:
                    v566 = places('/other_parts', v19)
                v567 = v566
            for v568 in v567:
                say(said, Said('warning', 'FeatureDropped', v568 or '', {'feature': 'alternative part'}, 'not supported: alternative part; ignored, as asked', 'Only text and HTML can be alternatives of each other.', 'other-parts'))
        # 'content-subtype'
        if v20 is not ABSENT:
            say(said, Said('warning', 'NoEffect', '/content_subtype', {'reason': 'no-body'}, 'there is no body whose type this could be', 'leave it out, or give a body', 'content-subtype', (), False))
        # 'template'
        if (v21 is not ABSENT and not (v21 is not ABSENT and c5.fullmatch(v21) is not None)):
            return None
        v569 = c6(v21) if v21 is not ABSENT else None
        if v569 is not None:
            output['Mj-TemplateID'] = v569
        # 'template-language'
        if v21 is not ABSENT:
            output['Mj-TemplateLanguage'] = True
        # 'tag'
        v570 = v22[1:] if v22 is not ABSENT else ABSENT
        if v570:
            if ignored is not True and 'multiple tags' not in ignored: return None
            if v572 is UNKNOWN:
                if v571 is UNKNOWN:
                    v571 = places('/tags', v22)
                v572 = v571[1:]
            for v573 in v572:
                say(said, Said('warning', 'FeatureDropped', v573 or '', {'feature': 'multiple tags'}, 'not supported: multiple tags; ignored, as asked', 'Mailjet groups messages by one campaign, so one tag fits.', 'tag'))
        v574 = v22[0] if v22 else ABSENT
        if v574 is not ABSENT:
            output['Mj-campaign'] = v574
        # 'send-at'
        if v23 is not ABSENT:
            if ignored is not True and 'send_at' not in ignored: return None
            for v575 in ['/send_at']:
                say(said, Said('warning', 'FeatureDropped', v575 or '', {'feature': 'send_at'}, 'not supported: send_at; ignored, as asked', "Mailjet's v3 API sends at once.", 'send-at'))
        # 'global-variables'
        v576 = copied(v24)
        if v576:
            output['Vars'] = v576
        # 'attachments'
        v577 = [] if v25 is not ABSENT else ABSENT
        if v25:
            for v578 in v25:
                if v578['inline'] is False:
                    v580 = v578.get('filename', ABSENT)
                    v581 = {'Content-type': v578['mimetype']}
                    if v580 is not ABSENT:
                        v581['Filename'] = v580
                    v581['content'] = v578['content']
                    v577.append(v581)
        if v577:
            output['Attachments'] = v577
        # 'inline-attachments'
        v582 = [] if v25 is not ABSENT else ABSENT
        if v25:
            for v583 in v25:
                if v583['inline'] is True:
                    v585 = v583.get('content_id', ABSENT)
                    v586 = {'Content-type': v583['mimetype']}
                    if v585 is not ABSENT:
                        v586['Filename'] = v585
                    v586['content'] = v583['content']
                    v582.append(v586)
        if v582:
            output['Inline_attachments'] = v582
        # 'inline-filename'
        if v25:
            for v587 in v25:
                v590 = v587['inline'] is True
                if v590:
                    v592 = v587.get('filename', ABSENT)
                    v590 = v592 is not ABSENT
                if v590:
                    if v25:
                        for v594, v593 in enumerate(v25):
                            v597 = v593['inline'] is True
                            if v597:
                                v599 = v593.get('filename', ABSENT)
                                v597 = v599 is not ABSENT
                            if v597:
                                if v600 is UNKNOWN:
                                    v600 = places('/attachments', v25)
                                say(said, Said('warning', 'NoEffect', place(v600[v594], 'filename') or '', {'reason': 'inline-filename'}, 'an inline attachment is named by its content_id; this name is not sent', 'leave it out, or attach the file without disposition inline', 'inline-filename', (), False))
                    break
        # 'plain-content-id'
        if v25:
            for v601 in v25:
                v604 = v601['inline'] is False
                if v604:
                    v606 = v601.get('content_id', ABSENT)
                    v604 = v606 is not ABSENT
                if v604:
                    if v25:
                        for v608, v607 in enumerate(v25):
                            v611 = v607['inline'] is False
                            if v611:
                                v613 = v607.get('content_id', ABSENT)
                                v611 = v613 is not ABSENT
                            if v611:
                                if v600 is UNKNOWN:
                                    v600 = places('/attachments', v25)
                                say(said, Said('warning', 'NoEffect', place(v600[v608], 'content_id') or '', {'reason': 'plain-content-id'}, 'a plain attachment has no content id; this one is not sent', 'set disposition to inline if the HTML refers to it', 'plain-content-id', (), False))
                    break
        # 'headers'
        v614 = copied(v26)
        if v614:
            output['Headers'] = v614
        # 'reply-to'
        v615 = v27
        if v615 is ABSENT:
            v615 = v28
        v616 = [] if v615 is not ABSENT else ABSENT
        if v615:
            for v617 in v615:
                v619 = c7(v617) if type(v617) is dict else None
                if v619 is not None:
                    v616.append(v619)
        v620 = (', '.join(v616) if v616 else c3(v616, ', ')) if v616 is not ABSENT else None
        if v620 is not None:
            v621 = output.get('Headers')
            output['Headers'] = {**v621, 'Reply-To': v620} if type(v621) is dict else {'Reply-To': v620}
        # 'reply-to-beside-header'
        if (v27 is not ABSENT and v28):
            if v622 is UNKNOWN:
                v622 = [*(['/header_reply_to'] if v27 is not ABSENT else ())]
            say(said, Said('warning', 'NoEffect', '/reply_to', {'reason': 'header-overrides'}, 'the Reply-To header is used instead of this', 'give one of them', 'reply-to-beside-header', tuple(each for each in v622[:100] if each is not None), False))
        # 'reserved-headers'
        if v26:
            for v623 in v26:
                v630 = v623.lower() if v623.isascii() else c8(v623)
                if ((v630 is not None and v630 in c9) or (v630 is not None and c10.fullmatch(v630) is not None)):
                    if v26:
                        for v632, v631 in enumerate(sorted(v26)):
                            v639 = v631.lower() if v631.isascii() else c8(v631)
                            if ((v639 is not None and v639 in c9) or (v639 is not None and c10.fullmatch(v639) is not None)):
                                if v640 is UNKNOWN:
                                    v640 = places('/headers', v26)
                                say(said, Said('warning', 'ReservedHeader', v640[v632] or '', {}, 'Mailjet acts on this header itself, beside the property of the same purpose', 'use track_opens, track_clicks, metadata or template_id, or a property in esp_extra', 'reserved-headers', (), False))
                    break
        # 'metadata'
        if not v15:
            v641 = c11(v29) if v29 is not ABSENT else None
            if v641 is not None:
                output['Mj-EventPayLoad'] = v641
        # 'track-clicks'
        v642 = 2 if v30 is True else 1 if v30 is False else ABSENT
        if v642 is not ABSENT:
            output['Mj-trackclick'] = v642
            v2 = 3
        # 'track-opens'
        v643 = 2 if v31 is True else 1 if v31 is False else ABSENT
        if v643 is not ABSENT:
            output['Mj-trackopen'] = v643
            v3 = 4
        # 'v3-1-properties'
        if v32:
            for v644 in v32:
                v647 = v644.lower() if v644.isascii() else c8(v644)
                if (v647 is not None and v647 in c12):
                    if v32:
                        for v648 in sorted(v32):
                            v652 = v648.lower() if v648.isascii() else c8(v648)
                            if (v652 is not None and v652 in c12):
                                return None
                    break
        # 'unknown-properties'
        if v32:
            if v659 is UNKNOWN:
                v660 = []
                for v661 in c15:
                    v663 = (v661.lower() if v661.isascii() else c8(v661)) if type(v661) is str else None
                    if v663 is not None:
                        v660.append(v663)
                v664 = ABSENT
                v664 = [*v664, *v660]
                v664 = [*v664, *c16]
                v665 = identities(v664)
                v659 = v665
            for v666 in v32:
                v689 = v666.lower() if v666.isascii() else c8(v666)
                if not (v689 is not None and v689 in v659):
                    if v32:
                        for v709, v708 in enumerate(sorted(v32)):
                            v730 = v708.lower() if v708.isascii() else c8(v708)
                            if not (v730 is not None and v730 in v659):
                                if v749 is UNKNOWN:
                                    v749 = places('/esp_extra', v32)
                                say(said, Said('warning', 'UnknownProperty', v749[v709] or '', {}, 'Mailjet documents no such property; it is passed on as it is', 'check its spelling; leave it out unless Mailjet told you of it', 'unknown-properties', (), False))
                    break
        # 'repeated-headers'
        if v755 is UNKNOWN:
            v756 = ABSENT
            if v32:
                for v757 in sorted(v32):
                    v759 = v32[v757]
                    v760 = v757.lower() if v757.isascii() else c8(v757)
                    if v760 == 'headers':
                        v756 = v759
                        break
            v755 = v756
        v761 = [] if v755 is not ABSENT else ABSENT
        v762 = set()
        if v755:
            for v763 in (v755 if type(v755) is list else items_of(v755)):
                v765 = v763.get('key', ABSENT) if type(v763) is dict else ABSENT
                v766 = (v765 if type(v765) is str else c41(v765)) if v765 is not ABSENT else None
                v767 = (v766.lower() if v766.isascii() else c8(v766)) if v766 is not None else None
                if v767 is not None:
                    if v767 in v762:
                        v761.append(v763)
                    v762.add(v767)
        if v761:
            if v761:
                for v768 in v761:
                    return None
        # 'bulk-messages'
        if v32:
            for v770 in v32:
                v773 = v770.lower() if v770.isascii() else c8(v770)
                if v773 == 'messages':
                    if v32:
                        for v774 in sorted(v32):
                            v778 = v774.lower() if v774.isascii() else c8(v774)
                            if v778 == 'messages':
                                return None
                    break
        # 'esp-extra'
        v779 = copied(v32)
        if v779 is not ABSENT and v779 not in ([], {}):
            v780 = {}
            output = merged_into(output, c42, v779, c43, False, v780)
            if 'Html-part' in v780:
                v1 = 5
            if 'Mj-trackclick' in v780:
                v2 = 6
            if 'Mj-trackopen' in v780:
                v3 = 7
            if 'Subject' in v780:
                v4 = 8
            if 'Text-part' in v780:
                v5 = 9
        # 'stored-sender-name'
        v797 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v799 = v797 is not ABSENT
        if v799:
            v802 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v804 = not (v802 is not ABSENT)
            if v804:
                v806 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
                v804 = not (v806 is not ABSENT)
            v799 = v804
        if v799:
            v807 = v33.get('name', ABSENT) if v33 is not ABSENT else ABSENT
            v808 = (v807 if '=?' not in v807 else c1(v807)) if v807 is not ABSENT else None
            if v808 is not None:
                output['FromName'] = v808
        # 'stored-sender'
        v818 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        v820 = v818 is not ABSENT
        if v820:
            v822 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v820 = not (v822 is not ABSENT)
        if v820:
            v823 = v33.get('email', ABSENT) if v33 is not ABSENT else ABSENT
            if v823 is not ABSENT:
                output['FromEmail'] = v823
        # 'payload-schema'
        if v32:
            if not accepts(output, c44): return None
        # 'esp-extra-addresses'
        if v32:
            v824 = output.get('To', ABSENT) if type(output) is dict else ABSENT
            if v824 is not ABSENT:
                v873 = (type(v824) is str) and (v824 or v824 == 0)
                if v873:
                    v905 = c45(v824) if type(v824) is str else None
                    v911 = not (v905 is not None)
                    if not v911:
                        v917 = [] if v905 is not None else ABSENT
                        if v905:
                            for v918 in (v905 or ()):
                                v920 = v918.get('email', ABSENT)
                                v921 = ((v920 in v824) if True else c46(v824, v920)) if type(v824) is str and v920 is not ABSENT else None
                                if v921 is False:
                                    v917.append(v918)
                        v911 = v917
                    v873 = v911
                if v873:
                    return None
            v922 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
            if v922 is not ABSENT:
                v971 = (type(v922) is str) and (v922 or v922 == 0)
                if v971:
                    v1003 = c45(v922) if type(v922) is str else None
                    v1009 = not (v1003 is not None)
                    if not v1009:
                        v1015 = [] if v1003 is not None else ABSENT
                        if v1003:
                            for v1016 in (v1003 or ()):
                                v1018 = v1016.get('email', ABSENT)
                                v1019 = ((v1018 in v922) if True else c46(v922, v1018)) if type(v922) is str and v1018 is not ABSENT else None
                                if v1019 is False:
                                    v1015.append(v1016)
                        v1009 = v1015
                    v971 = v1009
                if v971:
                    return None
            v1020 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
            if v1020 is not ABSENT:
                v1069 = (type(v1020) is str) and (v1020 or v1020 == 0)
                if v1069:
                    v1101 = c45(v1020) if type(v1020) is str else None
                    v1107 = not (v1101 is not None)
                    if not v1107:
                        v1113 = [] if v1101 is not None else ABSENT
                        if v1101:
                            for v1114 in (v1101 or ()):
                                v1116 = v1114.get('email', ABSENT)
                                v1117 = ((v1116 in v1020) if True else c46(v1020, v1116)) if type(v1020) is str and v1116 is not ABSENT else None
                                if v1117 is False:
                                    v1113.append(v1114)
                        v1107 = v1113
                    v1069 = v1107
                if v1069:
                    return None
        # 'esp-extra-sender'
        v1162 = v32
        if v1162:
            v1171 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
            v1177 = (type(v1171) is str) and (v1171 or v1171 == 0)
            if v1177:
                v1183 = c45(v1171) if type(v1171) is str else None
                v1184 = ABSENT
                if v1183:
                    for v1185 in (v1183 or ()):
                        v1187 = v1185.get('email', ABSENT)
                        if v1187 is not ABSENT:
                            v1184 = v1187
                            break
                v1177 = not (v1184 is not ABSENT and v1184 == v1171)
            v1162 = v1177
        if v1162:
            return None
        # 'esp-extra-envelope-sender'
        v1276 = v32
        if v1276:
            v1292 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
            v1305 = (type(v1292) is str) and (v1292 or v1292 == 0)
            if v1305:
                if v1198 is UNKNOWN:
                    if v1192 is UNKNOWN:
                        v1325 = c45(v1292) if type(v1292) is str else None
                        v1192 = v1325
                    v1326 = ABSENT
                    if v1192:
                        for v1327 in (v1192 or ()):
                            v1329 = v1327.get('email', ABSENT)
                            if v1329 is not ABSENT:
                                v1326 = v1329
                                break
                    v1198 = v1326
                v1305 = not (v1198 is not ABSENT and v1198 == v1292)
            v1276 = v1305
        if v1276:
            return None
        # 'esp-extra-error-reporting'
        v1371 = v32
        if v1371:
            v1379 = output.get('MJ-TemplateErrorReporting', ABSENT) if type(output) is dict else ABSENT
            v1385 = (type(v1379) is str)
            if v1385:
                v1391 = c45(v1379) if type(v1379) is str else None
                v1392 = ABSENT
                if v1391:
                    for v1393 in (v1391 or ()):
                        v1395 = v1393.get('email', ABSENT)
                        if v1395 is not ABSENT:
                            v1392 = v1395
                            break
                v1385 = not (v1392 is not ABSENT and v1392 == v1379)
            v1371 = v1385
        if v1371:
            return None
        # 'esp-extra-names'
        if v32:
            v1396 = output.get('FromName', ABSENT) if type(output) is dict else ABSENT
            v1397 = []
            if v1396 is not ABSENT:
                v1397.append(v1396)
            v1398 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v1399 = [] if v1398 is not ABSENT else ABSENT
            if v1398:
                for v1400 in (v1398 if type(v1398) is list else items_of(v1398)):
                    v1402 = v1400.get('Name', ABSENT) if type(v1400) is dict else ABSENT
                    if v1402 is not ABSENT:
                        v1399.append(v1402)
            v1403 = ABSENT
            v1403 = [*v1403, *v1397]
            if v1399 is not ABSENT:
                v1403 = [*v1403, *v1399]
            if v1403:
                for v1404 in v1403:
                    v1406 = c47(v1404) if type(v1404) is str else None
                    if v1406 is True:
                        if v1403:
                            for v1407 in v1403:
                                v1410 = c47(v1407) if type(v1407) is str else None
                                if v1410 is True:
                                    return None
                        break
        # 'esp-extra-recipients'
        if v32:
            v1411 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            if v1411:
                for v1412 in (v1411 if type(v1411) is list else items_of(v1411)):
                    v1422 = v1412.get('Email', ABSENT) if type(v1412) is dict else ABSENT
                    v1428 = (type(v1422) is str) and (v1422 or v1422 == 0)
                    if v1428:
                        v1434 = c45(v1422) if type(v1422) is str else None
                        v1435 = ABSENT
                        if v1434:
                            for v1436 in (v1434 or ()):
                                v1438 = v1436.get('email', ABSENT)
                                if v1438 is not ABSENT:
                                    v1435 = v1438
                                    break
                        v1428 = not (v1435 is not ABSENT and v1435 == v1422)
                    if v1428:
                        return None
        # 'esp-extra-attachments'
        if v32:
            if v1442 is UNKNOWN:
                v1443 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
                v1444 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                v1445 = ABSENT
                if v1443 is not ABSENT:
                    v1445 = [*v1445, *(v1443 if type(v1443) is list else items_of(v1443))]
                if v1444 is not ABSENT:
                    v1445 = [*v1445, *(v1444 if type(v1444) is list else items_of(v1444))]
                v1442 = v1445
            if v1442:
                for v1446 in v1442:
                    v1450 = v1446.get('content', ABSENT) if type(v1446) is dict else ABSENT
                    v1452 = (type(v1450) is str)
                    if v1452:
                        v1454 = c48(v1450) if type(v1450) is str else None
                        v1452 = not (v1454 is not None)
                    if v1452:
                        if v1442:
                            for v1455 in v1442:
                                v1460 = v1455.get('content', ABSENT) if type(v1455) is dict else ABSENT
                                v1462 = (type(v1460) is str)
                                if v1462:
                                    v1464 = c48(v1460) if type(v1460) is str else None
                                    v1462 = not (v1464 is not None)
                                if v1462:
                                    return None
                        break
        # 'merge-data-with-shared-esp-extra'
        v1553 = output.get('To', ABSENT) if type(output) is dict else ABSENT
        v1640 = (type(v1553) is str) and not (v10 or v11)
        if v1640:
            if v1509 is UNKNOWN:
                v1684 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v1685 in sorted(v32):
                        v1687 = v32[v1685]
                        v1698 = v1685.lower() if v1685.isascii() else c8(v1685)
                        v1708 = (v1698 is not None and v1698 in c49)
                        if v1708:
                            v1722 = v1687 == ''
                            if not v1722:
                                v1725 = v1687 if type(v1687) is str else c41(v1687)
                                v1726 = c45(v1725) if v1725 is not None else None
                                v1722 = (v1726 is not None or ((type(v1687) is list) and (v1687 or v1687 == 0)))
                            v1708 = v1722
                        if v1708:
                            v1684.append(v1687)
                v1509 = v1684
            v1640 = v1509
        if v1640:
            if v13 is not ABSENT:
                return None
        # 'recipients-of-esp-extra'
        v2072 = v15
        if v2072:
            if v1509 is UNKNOWN:
                v2116 = [] if v32 is not ABSENT else ABSENT
                if v32:
                    for v2117 in sorted(v32):
                        v2119 = v32[v2117]
                        v2130 = v2117.lower() if v2117.isascii() else c8(v2117)
                        v2140 = (v2130 is not None and v2130 in c49)
                        if v2140:
                            v2154 = v2119 == ''
                            if not v2154:
                                v2157 = v2119 if type(v2119) is str else c41(v2119)
                                v2158 = c45(v2157) if v2157 is not None else None
                                v2154 = (v2158 is not None or ((type(v2119) is list) and (v2119 or v2119 == 0)))
                            v2140 = v2154
                        if v2140:
                            v2116.append(v2119)
                v1509 = v2116
            v2072 = v1509
        if v2072:
            return None
        # 'shared-or-private'
        v2479 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
        v2491 = (type(v2479) is list) and (v2479 or v2479 == 0)
        if v2491:
            v2506 = (type(v1553) is str)
            if not v2506:
                v2509 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
                v2511 = (type(v2509) is str)
                if not v2511:
                    v2513 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
                    v2511 = (type(v2513) is str)
                v2506 = v2511
            v2600 = v2506
            if v2600:
                if v1509 is UNKNOWN:
                    v2644 = [] if v32 is not ABSENT else ABSENT
                    if v32:
                        for v2645 in sorted(v32):
                            v2647 = v32[v2645]
                            v2658 = v2645.lower() if v2645.isascii() else c8(v2645)
                            v2668 = (v2658 is not None and v2658 in c49)
                            if v2668:
                                v2682 = v2647 == ''
                                if not v2682:
                                    v2685 = v2647 if type(v2647) is str else c41(v2647)
                                    v2686 = c45(v2685) if v2685 is not None else None
                                    v2682 = (v2686 is not None or ((type(v2647) is list) and (v2647 or v2647 == 0)))
                                v2668 = v2682
                            if v2668:
                                v2644.append(v2647)
                    v1509 = v2644
                v2600 = v1509
            v2491 = v2600
        if v2491:
            return None
        # 'some-recipient'
        if not ((v2479 or v2479 == 0) or (v1553 or v1553 == 0)):
            return None
        # 'some-sender'
        v2696 = output.get('FromEmail', ABSENT) if type(output) is dict else ABSENT
        v2698 = v2696 is not ABSENT
        if not v2698:
            v2700 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2698 = v2700 is not ABSENT
        if not v2698:
            return None
        # 'some-content'
        v2717 = output.get('Text-part', ABSENT) if type(output) is dict else ABSENT
        v2719 = (v2717 or v2717 == 0)
        if not v2719:
            v2722 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2724 = (v2722 or v2722 == 0)
            if not v2724:
                v2726 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
                v2724 = v2726 is not ABSENT
            v2719 = v2724
        if not v2719:
            return None
        # 'some-subject'
        v2736 = output.get('Subject', ABSENT) if type(output) is dict else ABSENT
        v2738 = (v2736 or v2736 == 0)
        if not v2738:
            v2740 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2738 = v2740 is not ABSENT
        if not v2738:
            say(said, Said('warning', 'MissingSubject', '/subject', {}, 'there is no subject, and no template that might have one', 'give subject', 'some-subject', (), True))
        # 'template-sender'
        v2748 = not (v2696 is not ABSENT)
        if v2748:
            v2750 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2748 = v2750 is not ABSENT
        if v2748:
            v2751 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
            v2752 = v2751 if type(v2751) is str else copy_of(v2751)
            requires.append({'kind': 'template_sender', **({'template_id': v2752} if v2752 is not ABSENT else {})})
        # 'template-overrides'
        v2754 = output.get('Mj-TemplateID', ABSENT) if type(output) is dict else ABSENT
        if v2754 is not ABSENT:
            v2755 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            v2756 = []
            if v17 is not ABSENT:
                v2756.append(v17)
            if v2717 is not ABSENT:
                v2756.append(v2717)
            if v2755 is not ABSENT:
                v2756.append(v2755)
            v2757 = ABSENT
            v2757 = [*v2757, *v2756]
            if v18 is not ABSENT:
                v2757 = [*v2757, *v18]
            if v2757:
                for v2758 in v2757:
                    v2766 = ((type(v2758) is str) and (v2758 or v2758 == 0))
                    if not v2766:
                        v2768 = v2758.get('content', ABSENT) if type(v2758) is dict else ABSENT
                        v2766 = (v2768 or v2768 == 0)
                    if v2766:
                        if v2757:
                            for v2770, v2769 in enumerate(v2757):
                                v2778 = ((type(v2769) is str) and (v2769 or v2769 == 0))
                                if not v2778:
                                    v2780 = v2769.get('content', ABSENT) if type(v2769) is dict else ABSENT
                                    v2778 = (v2780 or v2780 == 0)
                                if v2778:
                                    v2781 = None
                                    if v5 == 1:
                                        v2781 = '/text'
                                    if v5 == 9:
                                        v2781 = place('/esp_extra', v780['Text-part'])
                                    v2782 = None
                                    if v1 == 2:
                                        if v2786 is UNKNOWN:
                                            if v560 is UNKNOWN:
                                                v560 = places('/html', v18)
                                            v2787 = []
                                            if v18:
                                                for v2789, v2788 in enumerate(v18):
                                                    v2787.append(place(v560[v2789], 'content'))
                                            v2786 = v2787
                                        v2782 = (v2786[-1] if v2786 else '/html')
                                    if v1 == 5:
                                        v2782 = place('/esp_extra', v780['Html-part'])
                                    if v560 is UNKNOWN:
                                        v560 = places('/html', v18)
                                    say(said, Said('warning', 'NoEffect', [*[*(['/text'] if v17 is not ABSENT else ()), *([v2781] if v2717 is not ABSENT else ()), *([v2782] if v2755 is not ABSENT else ())], *v560][v2770] or '', {'reason': 'template-overrides'}, "the template's own text and HTML are sent instead of this", 'leave the body out, or the template_id', 'template-overrides', (), False))
                        break
        # 'subject-merge-field'
        if (type(v2736) is str and '[[' in v2736 and in_order(c50, v2736)):
            v2790 = None
            if v4 == 0:
                v2790 = '/subject'
            if v4 == 8:
                v2790 = place('/esp_extra', v780['Subject'])
            say(said, Said('warning', 'NoEffect', v2790 or '', {'reason': 'subject-merge-field'}, '[[…]] is not filled in a subject; it would be sent as it stands', 'use a stored template, whose language {{…}} is filled in the subject too', 'subject-merge-field', (), False))
        # 'template-language-off'
        v2798 = v2754 is not ABSENT
        if not v2798:
            v2800 = output.get('Mj-TemplateLanguage', ABSENT) if type(output) is dict else ABSENT
            v2798 = v2800 is True
        if not v2798:
            if v2736 is not ABSENT:
                if (type(v2736) is str and '{{' in v2736 and in_order(c51, v2736)):
                    v2801 = None
                    if v4 == 0:
                        v2801 = '/subject'
                    if v4 == 8:
                        v2801 = place('/esp_extra', v780['Subject'])
                    say(said, Said('warning', 'NoEffect', v2801 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            if v2717 is not ABSENT:
                if (type(v2717) is str and '{{' in v2717 and in_order(c51, v2717)):
                    v2802 = None
                    if v5 == 1:
                        v2802 = '/text'
                    if v5 == 9:
                        v2802 = place('/esp_extra', v780['Text-part'])
                    say(said, Said('warning', 'NoEffect', v2802 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
            v2803 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
            if v2803 is not ABSENT:
                if (type(v2803) is str and '{{' in v2803 and in_order(c51, v2803)):
                    v2804 = None
                    if v1 == 2:
                        if v2786 is UNKNOWN:
                            if v560 is UNKNOWN:
                                v560 = places('/html', v18)
                            v2808 = []
                            if v18:
                                for v2810, v2809 in enumerate(v18):
                                    v2808.append(place(v560[v2810], 'content'))
                            v2786 = v2808
                        v2804 = (v2786[-1] if v2786 else '/html')
                    if v1 == 5:
                        v2804 = place('/esp_extra', v780['Html-part'])
                    say(said, Said('warning', 'NoEffect', v2804 or '', {'reason': 'template-language-off'}, '{{…}} is not filled without a template or the template language; it would be sent as it stands', 'write [[var:NAME]], or set Mj-TemplateLanguage to true in esp_extra', 'template-language-off', (), False))
        # 'needs-approval'
        v2824 = output.get('Sender', ABSENT) if type(output) is dict else ABSENT
        if v1198 is UNKNOWN:
            if v1192 is UNKNOWN:
                v2832 = c45(v2824) if type(v2824) is str else None
                v1192 = v2832
            v2833 = ABSENT
            if v1192:
                for v2834 in (v1192 or ()):
                    v2836 = v2834.get('email', ABSENT)
                    if v2836 is not ABSENT:
                        v2833 = v2836
                        break
            v1198 = v2833
        if (v1198 is not ABSENT and v1198 == v2824):
            v2838 = ABSENT
            if v32:
                for v2839 in sorted(v32):
                    v2841 = v32[v2839]
                    v2842 = v2839.lower() if v2839.isascii() else c8(v2839)
                    if v2842 == 'sender':
                        v2838 = v2841
                        break
            if v2848 is UNKNOWN:
                if v749 is UNKNOWN:
                    v749 = places('/esp_extra', v32)
                v2849 = []
                if v32:
                    for v2851, v2850 in enumerate(sorted(v32)):
                        v2853 = v2850.lower() if v2850.isascii() else c8(v2850)
                        if v2853 == 'sender':
                            v2849.append(v749[v2851])
                v2848 = v2849
            if v2838 is not ABSENT:
                v2837 = (v2848[0] if v2848 else '/esp_extra')
            else:
                if v8 is not ABSENT:
                    v2837 = '/envelope_sender'
                else:
                    if v7 is not ABSENT:
                        v2837 = '/from_email'
                    else:
                        v2837 = ((v2848[0] if v2848 else '/esp_extra') if (v2848[0] if v2848 else '/esp_extra') is not None else '/envelope_sender')
            say(said, Said('warning', 'NeedsApproval', v2837 or '', {}, 'Mailjet refuses an envelope sender of your own unless its support has allowed it for the account', 'leave it out if it was not allowed', 'needs-approval', (), False))
        # 'tracking-without-html'
        v2857 = output.get('Html-part', ABSENT) if type(output) is dict else ABSENT
        if not ((v2857 or v2857 == 0) or v2754 is not ABSENT):
            v2858 = output.get('Mj-trackclick', ABSENT) if type(output) is dict else ABSENT
            if v2858 is not ABSENT:
                if (type(v2858) in c52 and 1 <= v2858 <= 2):
                    v2859 = None
                    if v2 == 3:
                        v2859 = '/track_clicks'
                    if v2 == 6:
                        v2859 = place('/esp_extra', v780['Mj-trackclick'])
                    say(said, Said('warning', 'NoEffect', v2859 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
            v2860 = output.get('Mj-trackopen', ABSENT) if type(output) is dict else ABSENT
            if v2860 is not ABSENT:
                if (type(v2860) in c52 and 1 <= v2860 <= 2):
                    v2861 = None
                    if v3 == 4:
                        v2861 = '/track_opens'
                    if v3 == 7:
                        v2861 = place('/esp_extra', v780['Mj-trackopen'])
                    say(said, Said('warning', 'NoEffect', v2861 or '', {'reason': 'tracking-without-html'}, 'without an HTML part nothing can be tracked', 'give the HTML as an alternative of type text/html, or leave this out', 'tracking-without-html', (), False))
        # 'unreferenced'
        if not (v2754 is not ABSENT):
            if v25:
                if v2868 is UNKNOWN:
                    v2869 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
                    v2870 = [] if v2869 is not ABSENT else ABSENT
                    if v2869:
                        for v2871 in (v2869 if type(v2869) is list else items_of(v2869)):
                            v2873 = v2871.get('Filename', ABSENT) if type(v2871) is dict else ABSENT
                            if v2873 is not ABSENT:
                                v2870.append(v2873)
                    v2874 = identities(v2870)
                    v2868 = v2874
                if v2877 is UNKNOWN:
                    v2878 = c53(v2857) if type(v2857) is str else None
                    v2879 = set((v2878 or ()))
                    v2877 = v2879
                for v2880 in v25:
                    v2908 = v2880['inline'] is True
                    if v2908:
                        v2923 = v2880.get('content_id', ABSENT)
                        v2908 = ((v2923 is not ABSENT and v2923 in v2868) and not (v2923 is not ABSENT and v2923 in v2877))
                    if v2908:
                        if v25:
                            for v2937, v2936 in enumerate(v25):
                                v2963 = v2936['inline'] is True
                                if v2963:
                                    v2978 = v2936.get('content_id', ABSENT)
                                    v2963 = ((v2978 is not ABSENT and v2978 in v2868) and not (v2978 is not ABSENT and v2978 in v2877))
                                if v2963:
                                    if v600 is UNKNOWN:
                                        v600 = places('/attachments', v25)
                                    say(said, Said('warning', 'NoEffect', v600[v2937] or '', {'reason': 'unreferenced'}, 'no cid: in the HTML refers to this inline attachment', 'refer to it as cid: and its content_id, or attach it without disposition inline', 'unreferenced', (), False))
                        break
        # 'subject-length'
        if type(v2736) is str and len(v2736) > 255: return None
        # 'campaign-length'
        v2991 = output.get('Mj-campaign', ABSENT) if type(output) is dict else ABSENT
        if type(v2991) is str and len(v2991) > 255: return None
        # 'to-count'
        v2992 = c45(v1553) if type(v1553) is str else None
        v2993 = [] if v2992 is not None else ABSENT
        if v2992:
            for v2994 in (v2992 or ()):
                v2996 = v2994.get('email', ABSENT)
                v2997 = (v2996.lower() if v2996.isascii() else c4(v2996)) if v2996 is not ABSENT else None
                if v2997 is not None:
                    v2993.append(v2997)
        v2998 = distinct(v2993) if v2993 is not ABSENT else ABSENT
        if v2998 is not ABSENT and len(v2998) > 50: return None
        # 'cc-count'
        v2999 = output.get('Cc', ABSENT) if type(output) is dict else ABSENT
        v3000 = c45(v2999) if type(v2999) is str else None
        v3001 = [] if v3000 is not None else ABSENT
        if v3000:
            for v3002 in (v3000 or ()):
                v3004 = v3002.get('email', ABSENT)
                v3005 = (v3004.lower() if v3004.isascii() else c4(v3004)) if v3004 is not ABSENT else None
                if v3005 is not None:
                    v3001.append(v3005)
        v3006 = distinct(v3001) if v3001 is not ABSENT else ABSENT
        if v3006 is not ABSENT and len(v3006) > 50: return None
        # 'bcc-count'
        v3007 = output.get('Bcc', ABSENT) if type(output) is dict else ABSENT
        v3008 = c45(v3007) if type(v3007) is str else None
        v3009 = [] if v3008 is not None else ABSENT
        if v3008:
            for v3010 in (v3008 or ()):
                v3012 = v3010.get('email', ABSENT)
                v3013 = (v3012.lower() if v3012.isascii() else c4(v3012)) if v3012 is not ABSENT else None
                if v3013 is not None:
                    v3009.append(v3013)
        v3014 = distinct(v3009) if v3009 is not ABSENT else ABSENT
        if v3014 is not ABSENT and len(v3014) > 50: return None
        # 'recipients-count'
        if type(v2479) is list and len(v2479) > 100: return None
        # 'attachments-size'
        if v1442 is UNKNOWN:
            v3018 = output.get('Attachments', ABSENT) if type(output) is dict else ABSENT
            v3019 = output.get('Inline_attachments', ABSENT) if type(output) is dict else ABSENT
            v3020 = ABSENT
            if v3018 is not ABSENT:
                v3020 = [*v3020, *(v3018 if type(v3018) is list else items_of(v3018))]
            if v3019 is not ABSENT:
                v3020 = [*v3020, *(v3019 if type(v3019) is list else items_of(v3019))]
            v1442 = v3020
        v3021 = [] if v1442 is not ABSENT else ABSENT
        if v1442:
            for v3022 in v1442:
                v3024 = v3022.get('content', ABSENT) if type(v3022) is dict else ABSENT
                v3025 = c48(v3024) if type(v3024) is str else None
                if v15:
                    if v3028 is UNKNOWN:
                        v3029 = (len(v2479) if True else c54(v2479)) if type(v2479) is list else None
                        v3028 = v3029
                    v3026 = (ABSENT if v3028 is None else v3028)
                else:
                    v3026 = 1
                v3030 = (v3025 * v3026 if True else c55(v3025, v3026)) if type(v3025) is int and type(v3026) is int else None
                if v3030 is not None:
                    v3021.append(v3030)
        if v3021 is not ABSENT and total(v3021) > 15000000: return None
        output = without_empties(output)
        # 'own-messages'
        if v15:
            v3031 = output.get('Recipients', ABSENT) if type(output) is dict else ABSENT
            v3032 = [] if v3031 is not ABSENT else ABSENT
            if v3031:
                for v3033 in (v3031 if type(v3031) is list else items_of(v3031)):
                    v3035 = without(output, c56)
                    v3036 = [v3033]
                    v3037 = output.get('Mj-EventPayLoad', ABSENT) if type(output) is dict else ABSENT
                    v3038 = v3037
                    if v3038 is ABSENT:
                        v3039 = v3033.get('Email', ABSENT) if type(v3033) is dict else ABSENT
                        v3040 = v15.get(v3039, ABSENT) if type(v15) is dict and type(v3039) is str else ABSENT
                        v3041 = merged((v29, v3040, ))
                        v3042 = c11(v3041) if v3041 is not ABSENT else None
                        v3038 = (ABSENT if v3042 is None else v3042)
                    v3043 = {}
                    if v3036:
                        v3043['Recipients'] = v3036
                    if (v3038 or type(v3038) not in EMPTY_TYPES):
                        v3043['Mj-EventPayLoad'] = v3038
                    v3044 = merged((v3035, v3043, ))
                    v3045 = copy_of(v3044)
                    if v3045 is not ABSENT:
                        v3032.append(v3045)
            v3046 = {}
            if v3032:
                v3046['Messages'] = v3032
            if v3046:
                output = written(output, c42, v3046)
                v1 = 10
                v2 = 11
                v3 = 12
                v4 = 13
                v5 = 14
        return output, tuple(said.values()) if said else (), tuple(requires)
    except GiveUpError:
        return None
