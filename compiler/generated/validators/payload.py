"""Whether a document holds only members that fit (but for maxItems, maxLength) schemas/mailjet-v3/payload.schema.json.

Written by `python -m compiler.engine guard`; not to be changed by hand.
"""

# fmt: off
# ruff: noqa
# mypy: ignore-errors

import re

c1 = re.compile('^(?![\\s\\S]*[\\u0000\\n\\r\\u000b\\u000c\\u001c\\u001d\\u001e\\u0085\\u2028\\u2029])')
c2 = frozenset({bool, dict, float, int, list, str})
c3 = frozenset({'Email', 'Name', 'Vars'})
c4 = frozenset({'0', 'deliver'})
c5 = re.compile('^(?![\\s\\S]*[^A-Za-z0-9+/=])')
c6 = frozenset({'Content-type', 'Filename', 'content'})
c7 = re.compile('^[!-9;-~]+(?![\\s\\S])')
c8 = frozenset({'Reply-To'})
c9 = frozenset({'Attachments', 'Bcc', 'Cc', 'FromEmail', 'FromName', 'Headers', 'Html-part', 'Inline_attachments', 'MJ-TemplateErrorDeliver', 'MJ-TemplateErrorReporting', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-prio', 'Mj-trackclick', 'Mj-trackopen', 'Recipients', 'Sender', 'Subject', 'Text-part', 'To', 'Vars'})
c10 = frozenset({'Text-part'})
c11 = frozenset({'Html-part'})
c12 = frozenset({'To'})
c13 = frozenset({'Recipients'})
c14 = frozenset({'Attachments', 'Bcc', 'Cc', 'FromEmail', 'FromName', 'Headers', 'Html-part', 'Inline_attachments', 'MJ-TemplateErrorDeliver', 'MJ-TemplateErrorReporting', 'Messages', 'Mj-CustomID', 'Mj-EventPayLoad', 'Mj-MonitoringCategory', 'Mj-TemplateID', 'Mj-TemplateLanguage', 'Mj-campaign', 'Mj-deduplicatecampaign', 'Mj-prio', 'Mj-trackclick', 'Mj-trackopen', 'Recipients', 'Sender', 'Subject', 'Text-part', 'To', 'Vars'})
c15 = frozenset({'Messages'})


def f1(value):
    if type(value) is dict:
        v153 = value.values()
        for v154 in v153:
            if not f1(v154): return False
    elif type(value) is list:
        for v155 in value:
            if not f1(v155): return False
    elif type(value) is not bool and type(value) is not int and type(value) is not float and type(value) is not str: return False
    return True


def accepts(document: object) -> bool:
    if type(document) is dict:
        v1 = document.get
        v2 = v1('FromEmail')
        if v2 is not None or 'FromEmail' in document:
            if type(v2) is str:
                if len(v2) < 1 or not c1.search(v2): return False
            else: return False
        v3 = v1('FromName')
        if v3 is not None or 'FromName' in document:
            if type(v3) is str:
                if not c1.search(v3): return False
            else: return False
        v4 = v1('Sender')
        if v4 is not None or 'Sender' in document:
            if type(v4) is str:
                if len(v4) < 1 or not c1.search(v4): return False
            else: return False
        v5 = v1('Recipients')
        if v5 is not None or 'Recipients' in document:
            if type(v5) is list:
                for v6 in v5:
                    if type(v6) is dict:
                        if 'Email' not in v6: return False
                        v7 = v6.get
                        v8 = v7('Email')
                        if v8 is not None or 'Email' in v6:
                            if type(v8) is str:
                                if len(v8) < 1 or not c1.search(v8): return False
                            else: return False
                        v9 = v7('Name')
                        if v9 is not None or 'Name' in v6:
                            if type(v9) is str:
                                if not c1.search(v9): return False
                            else: return False
                        v10 = v7('Vars')
                        if v10 is not None or 'Vars' in v6:
                            if type(v10) is dict:
                                v12 = v10.values()
                                if len(v12) > 7:
                                    if not c2.issuperset(map(type, v12)): return False
                                else:
                                    for v13 in v12:
                                        if type(v13) is not list and type(v13) is not bool and type(v13) is not int and type(v13) is not float and type(v13) is not dict and type(v13) is not str: return False
                            else: return False
                    else: return False
            else: return False
        v16 = v1('To')
        if v16 is not None or 'To' in document:
            if type(v16) is str:
                if not c1.search(v16): return False
            else: return False
        v17 = v1('Cc')
        if v17 is not None or 'Cc' in document:
            if type(v17) is str:
                if not c1.search(v17): return False
            else: return False
        v18 = v1('Bcc')
        if v18 is not None or 'Bcc' in document:
            if type(v18) is str:
                if not c1.search(v18): return False
            else: return False
        v19 = v1('Subject')
        if v19 is not None or 'Subject' in document:
            if type(v19) is str:
                if not c1.search(v19): return False
            else: return False
        v20 = v1('Text-part')
        if v20 is not None or 'Text-part' in document:
            if type(v20) is not str: return False
        v21 = v1('Html-part')
        if v21 is not None or 'Html-part' in document:
            if type(v21) is not str: return False
        v22 = v1('Mj-TemplateID')
        if v22 is not None or 'Mj-TemplateID' in document:
            if type(v22) is str:
                if len(v22) < 1: return False
            elif type(v22) is not int: return False
        v23 = v1('Mj-TemplateLanguage')
        if v23 is not None or 'Mj-TemplateLanguage' in document:
            if type(v23) is not bool: return False
        v24 = v1('MJ-TemplateErrorReporting')
        if v24 is not None or 'MJ-TemplateErrorReporting' in document:
            if type(v24) is str:
                if not c1.search(v24): return False
            else: return False
        v25 = v1('MJ-TemplateErrorDeliver')
        if v25 is not None or 'MJ-TemplateErrorDeliver' in document:
            if not ((type(v25) is str and v25 in c4) or (type(v25) is int and v25 == 0)): return False
        v26 = v1('Attachments')
        if v26 is not None or 'Attachments' in document:
            if type(v26) is list:
                for v27 in v26:
                    if type(v27) is dict:
                        if 'Content-type' not in v27: return False
                        if 'Filename' not in v27: return False
                        if 'content' not in v27: return False
                        v28 = v27.get
                        v29 = v28('Content-type')
                        if v29 is not None or 'Content-type' in v27:
                            if type(v29) is str:
                                if not c1.search(v29): return False
                            else: return False
                        v30 = v28('Filename')
                        if v30 is not None or 'Filename' in v27:
                            if type(v30) is str:
                                if not c1.search(v30): return False
                            else: return False
                        v31 = v28('content')
                        if v31 is not None or 'content' in v27:
                            if type(v31) is str:
                                if not c5.search(v31): return False
                            else: return False
                    else: return False
            else: return False
        v34 = v1('Inline_attachments')
        if v34 is not None or 'Inline_attachments' in document:
            if type(v34) is list:
                for v35 in v34:
                    if type(v35) is dict:
                        if 'Content-type' not in v35: return False
                        if 'Filename' not in v35: return False
                        if 'content' not in v35: return False
                        v36 = v35.get
                        v37 = v36('Content-type')
                        if v37 is not None or 'Content-type' in v35:
                            if type(v37) is str:
                                if not c1.search(v37): return False
                            else: return False
                        v38 = v36('Filename')
                        if v38 is not None or 'Filename' in v35:
                            if type(v38) is str:
                                if not c1.search(v38): return False
                            else: return False
                        v39 = v36('content')
                        if v39 is not None or 'content' in v35:
                            if type(v39) is str:
                                if not c5.search(v39): return False
                            else: return False
                    else: return False
            else: return False
        v42 = v1('Mj-prio')
        if v42 is not None or 'Mj-prio' in document:
            if type(v42) is not int: return False
        v43 = v1('Mj-campaign')
        if v43 is not None or 'Mj-campaign' in document:
            if type(v43) is str:
                if not c1.search(v43): return False
            else: return False
        v44 = v1('Mj-deduplicatecampaign')
        if v44 is not None or 'Mj-deduplicatecampaign' in document:
            if not ((type(v44) is int and v44 == 0) or (type(v44) is int and v44 == 1)): return False
        v45 = v1('Mj-trackopen')
        if v45 is not None or 'Mj-trackopen' in document:
            if not ((type(v45) is int and v45 == 0) or (type(v45) is int and v45 == 1) or (type(v45) is int and v45 == 2)): return False
        v46 = v1('Mj-trackclick')
        if v46 is not None or 'Mj-trackclick' in document:
            if not ((type(v46) is int and v46 == 0) or (type(v46) is int and v46 == 1) or (type(v46) is int and v46 == 2)): return False
        v47 = v1('Mj-CustomID')
        if v47 is not None or 'Mj-CustomID' in document:
            if type(v47) is not str: return False
        v48 = v1('Mj-EventPayLoad')
        if v48 is not None or 'Mj-EventPayLoad' in document:
            if type(v48) is not str: return False
        v49 = v1('Mj-MonitoringCategory')
        if v49 is not None or 'Mj-MonitoringCategory' in document:
            if type(v49) is not str: return False
        v50 = v1('Headers')
        if v50 is not None or 'Headers' in document:
            if type(v50) is dict:
                v51 = v50.get
                v52 = v51('Reply-To')
                if v52 is not None or 'Reply-To' in v50:
                    if type(v52) is str:
                        if not c1.search(v52): return False
                    else: return False
                for v53, v54 in v50.items():
                    if type(v53) is str:
                        if not c7.search(v53): return False
                    if v53 not in c8:
                        if type(v54) is str:
                            if not c1.search(v54): return False
                        else: return False
            else: return False
        v55 = v1('Vars')
        if v55 is not None or 'Vars' in document:
            if type(v55) is dict:
                v57 = v55.values()
                if len(v57) > 7:
                    if not c2.issuperset(map(type, v57)): return False
                else:
                    for v58 in v57:
                        if type(v58) is not list and type(v58) is not bool and type(v58) is not int and type(v58) is not float and type(v58) is not dict and type(v58) is not str: return False
            else: return False
        v59 = v1('Messages')
        if v59 is not None or 'Messages' in document:
            if type(v59) is list:
                for v60 in v59:
                    if type(v60) is dict:
                        v61 = v60.get
                        v62 = v61('FromEmail')
                        if v62 is not None or 'FromEmail' in v60:
                            if type(v62) is str:
                                if len(v62) < 1 or not c1.search(v62): return False
                            else: return False
                        v63 = v61('FromName')
                        if v63 is not None or 'FromName' in v60:
                            if type(v63) is str:
                                if not c1.search(v63): return False
                            else: return False
                        v64 = v61('Sender')
                        if v64 is not None or 'Sender' in v60:
                            if type(v64) is str:
                                if len(v64) < 1 or not c1.search(v64): return False
                            else: return False
                        v65 = v61('Recipients')
                        if v65 is not None or 'Recipients' in v60:
                            if type(v65) is list:
                                for v66 in v65:
                                    if type(v66) is dict:
                                        if 'Email' not in v66: return False
                                        v67 = v66.get
                                        v68 = v67('Email')
                                        if v68 is not None or 'Email' in v66:
                                            if type(v68) is str:
                                                if len(v68) < 1 or not c1.search(v68): return False
                                            else: return False
                                        v69 = v67('Name')
                                        if v69 is not None or 'Name' in v66:
                                            if type(v69) is str:
                                                if not c1.search(v69): return False
                                            else: return False
                                        v70 = v67('Vars')
                                        if v70 is not None or 'Vars' in v66:
                                            if type(v70) is dict:
                                                v72 = v70.values()
                                                if len(v72) > 7:
                                                    if not c2.issuperset(map(type, v72)): return False
                                                else:
                                                    for v73 in v72:
                                                        if type(v73) is not list and type(v73) is not bool and type(v73) is not int and type(v73) is not float and type(v73) is not dict and type(v73) is not str: return False
                                            else: return False
                                    else: return False
                            else: return False
                        v76 = v61('To')
                        if v76 is not None or 'To' in v60:
                            if type(v76) is str:
                                if not c1.search(v76): return False
                            else: return False
                        v77 = v61('Cc')
                        if v77 is not None or 'Cc' in v60:
                            if type(v77) is str:
                                if not c1.search(v77): return False
                            else: return False
                        v78 = v61('Bcc')
                        if v78 is not None or 'Bcc' in v60:
                            if type(v78) is str:
                                if not c1.search(v78): return False
                            else: return False
                        v79 = v61('Subject')
                        if v79 is not None or 'Subject' in v60:
                            if type(v79) is str:
                                if not c1.search(v79): return False
                            else: return False
                        v80 = v61('Text-part')
                        if v80 is not None or 'Text-part' in v60:
                            if type(v80) is not str: return False
                        v81 = v61('Html-part')
                        if v81 is not None or 'Html-part' in v60:
                            if type(v81) is not str: return False
                        v82 = v61('Mj-TemplateID')
                        if v82 is not None or 'Mj-TemplateID' in v60:
                            if type(v82) is str:
                                if len(v82) < 1: return False
                            elif type(v82) is not int: return False
                        v83 = v61('Mj-TemplateLanguage')
                        if v83 is not None or 'Mj-TemplateLanguage' in v60:
                            if type(v83) is not bool: return False
                        v84 = v61('MJ-TemplateErrorReporting')
                        if v84 is not None or 'MJ-TemplateErrorReporting' in v60:
                            if type(v84) is str:
                                if not c1.search(v84): return False
                            else: return False
                        v85 = v61('MJ-TemplateErrorDeliver')
                        if v85 is not None or 'MJ-TemplateErrorDeliver' in v60:
                            if not ((type(v85) is str and v85 in c4) or (type(v85) is int and v85 == 0)): return False
                        v86 = v61('Attachments')
                        if v86 is not None or 'Attachments' in v60:
                            if type(v86) is list:
                                for v87 in v86:
                                    if type(v87) is dict:
                                        if 'Content-type' not in v87: return False
                                        if 'Filename' not in v87: return False
                                        if 'content' not in v87: return False
                                        v88 = v87.get
                                        v89 = v88('Content-type')
                                        if v89 is not None or 'Content-type' in v87:
                                            if type(v89) is str:
                                                if not c1.search(v89): return False
                                            else: return False
                                        v90 = v88('Filename')
                                        if v90 is not None or 'Filename' in v87:
                                            if type(v90) is str:
                                                if not c1.search(v90): return False
                                            else: return False
                                        v91 = v88('content')
                                        if v91 is not None or 'content' in v87:
                                            if type(v91) is str:
                                                if not c5.search(v91): return False
                                            else: return False
                                    else: return False
                            else: return False
                        v94 = v61('Inline_attachments')
                        if v94 is not None or 'Inline_attachments' in v60:
                            if type(v94) is list:
                                for v95 in v94:
                                    if type(v95) is dict:
                                        if 'Content-type' not in v95: return False
                                        if 'Filename' not in v95: return False
                                        if 'content' not in v95: return False
                                        v96 = v95.get
                                        v97 = v96('Content-type')
                                        if v97 is not None or 'Content-type' in v95:
                                            if type(v97) is str:
                                                if not c1.search(v97): return False
                                            else: return False
                                        v98 = v96('Filename')
                                        if v98 is not None or 'Filename' in v95:
                                            if type(v98) is str:
                                                if not c1.search(v98): return False
                                            else: return False
                                        v99 = v96('content')
                                        if v99 is not None or 'content' in v95:
                                            if type(v99) is str:
                                                if not c5.search(v99): return False
                                            else: return False
                                    else: return False
                            else: return False
                        v102 = v61('Mj-prio')
                        if v102 is not None or 'Mj-prio' in v60:
                            if type(v102) is not int: return False
                        v103 = v61('Mj-campaign')
                        if v103 is not None or 'Mj-campaign' in v60:
                            if type(v103) is str:
                                if not c1.search(v103): return False
                            else: return False
                        v104 = v61('Mj-deduplicatecampaign')
                        if v104 is not None or 'Mj-deduplicatecampaign' in v60:
                            if not ((type(v104) is int and v104 == 0) or (type(v104) is int and v104 == 1)): return False
                        v105 = v61('Mj-trackopen')
                        if v105 is not None or 'Mj-trackopen' in v60:
                            if not ((type(v105) is int and v105 == 0) or (type(v105) is int and v105 == 1) or (type(v105) is int and v105 == 2)): return False
                        v106 = v61('Mj-trackclick')
                        if v106 is not None or 'Mj-trackclick' in v60:
                            if not ((type(v106) is int and v106 == 0) or (type(v106) is int and v106 == 1) or (type(v106) is int and v106 == 2)): return False
                        v107 = v61('Mj-CustomID')
                        if v107 is not None or 'Mj-CustomID' in v60:
                            if type(v107) is not str: return False
                        v108 = v61('Mj-EventPayLoad')
                        if v108 is not None or 'Mj-EventPayLoad' in v60:
                            if type(v108) is not str: return False
                        v109 = v61('Mj-MonitoringCategory')
                        if v109 is not None or 'Mj-MonitoringCategory' in v60:
                            if type(v109) is not str: return False
                        v110 = v61('Headers')
                        if v110 is not None or 'Headers' in v60:
                            if type(v110) is dict:
                                v111 = v110.get
                                v112 = v111('Reply-To')
                                if v112 is not None or 'Reply-To' in v110:
                                    if type(v112) is str:
                                        if not c1.search(v112): return False
                                    else: return False
                                for v113, v114 in v110.items():
                                    if type(v113) is str:
                                        if not c7.search(v113): return False
                                    if v113 not in c8:
                                        if type(v114) is str:
                                            if not c1.search(v114): return False
                                        else: return False
                            else: return False
                        v115 = v61('Vars')
                        if v115 is not None or 'Vars' in v60:
                            if type(v115) is dict:
                                v117 = v115.values()
                                if len(v117) > 7:
                                    if not c2.issuperset(map(type, v117)): return False
                                else:
                                    for v118 in v117:
                                        if type(v118) is not list and type(v118) is not bool and type(v118) is not int and type(v118) is not float and type(v118) is not dict and type(v118) is not str: return False
                            else: return False
                    else: return False
                    if type(v60) is dict:
                        if 'FromEmail' not in v60: return False
                        if 'Mj-deduplicatecampaign' in v60 and ('Mj-campaign' not in v60): return False
                    def v121(v122):
                        if type(v122) is dict:
                            if 'Text-part' not in v122: return False
                            v123 = v122.get
                            v124 = v123('Text-part')
                            if v124 is not None:
                                if type(v124) is str:
                                    if len(v124) < 1: return False
                                elif type(v124) is list:
                                    if len(v124) < 1: return False
                        return True
                    def v127(v128):
                        if type(v128) is dict:
                            if 'Html-part' not in v128: return False
                            v129 = v128.get
                            v130 = v129('Html-part')
                            if v130 is not None:
                                if type(v130) is str:
                                    if len(v130) < 1: return False
                                elif type(v130) is list:
                                    if len(v130) < 1: return False
                        return True
                    def v133(v134):
                        if type(v134) is dict:
                            if 'Mj-TemplateID' not in v134: return False
                        return True
                    if not (v121(v60) or v127(v60) or v133(v60)): return False
                    def v135(v136):
                        if type(v136) is dict:
                            if 'To' not in v136: return False
                            v137 = v136.get
                            v138 = v137('To')
                            if v138 is not None:
                                if type(v138) is str:
                                    if len(v138) < 1: return False
                                elif type(v138) is list:
                                    if len(v138) < 1: return False
                        return True
                    def v141(v142):
                        if type(v142) is dict:
                            if 'Recipients' not in v142: return False
                            v143 = v142.get
                            v144 = v143('Recipients')
                            if v144 is not None:
                                if type(v144) is str:
                                    if len(v144) < 1: return False
                                elif type(v144) is list:
                                    if len(v144) < 1: return False
                        return True
                    if not (v135(v60) or v141(v60)): return False
                    if (type(v60) is not dict or 'Recipients' in v60 and 'To' in v60): return False
                    if (type(v60) is not dict or 'Recipients' in v60 and 'Cc' in v60): return False
                    if (type(v60) is not dict or 'Recipients' in v60 and 'Bcc' in v60): return False
            else: return False
    else: return False
    if type(document) is dict:
        v150 = document.values()
        for v151 in v150:
            if not f1(v151): return False
    elif type(document) is list:
        for v156 in document:
            if not f1(v156): return False
    elif type(document) is not bool and type(document) is not int and type(document) is not float and type(document) is not str: return False
    if (type(document) is not dict or 'Messages' in document):
        if type(document) is dict:
            v157 = document.get
            v158 = v157('Messages')
            if v158 is not None:
                if type(v158) is str:
                    if len(v158) < 1: return False
                elif type(v158) is list:
                    if len(v158) < 1: return False
    else:
        if type(document) is dict:
            if 'Mj-deduplicatecampaign' in document and ('Mj-campaign' not in document): return False
    return True
