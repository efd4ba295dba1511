"""Whether a document fits schemas/options.schema.json.

Written by `python -m compiler.engine guard`; not to be changed by hand.
"""

# fmt: off
# ruff: noqa
# mypy: ignore-errors

import re

from compiler.json_io.plain import have_no_lone_surrogates, are_plain, has_no_lone_surrogate, is_number

c1 = frozenset({'ignore_unsupported_features', 'send_defaults', 'template_sender'})
c2 = frozenset({'$schema', 'alternatives', 'attachments', 'bcc', 'body', 'cc', 'envelope_sender', 'esp_extra', 'extra_headers', 'from_email', 'merge_data', 'merge_global_data', 'merge_metadata', 'metadata', 'reply_to', 'send_at', 'subject', 'tags', 'template_id', 'to', 'track_clicks', 'track_opens'})
c3 = frozenset({'email', 'name'})
c4 = frozenset({str})
c5 = frozenset({'content', 'mimetype'})
c6 = re.compile('^[^\\s/;]+/[^\\s/;]+')
c7 = frozenset({'content', 'content_id', 'disposition', 'encoding', 'filename', 'mimetype'})
c8 = frozenset({'base64', 'utf-8'})
c9 = frozenset({'attachment', 'inline'})
c10 = frozenset({float, int, str})
c11 = re.compile('^\\d{4}-\\d{2}-\\d{2}([Tt ]\\d{2}:\\d{2}(:\\d{2}([.,]\\d+)?)?([Zz]|[+-]\\d{2}(:?\\d{2})?)?)?(?![\\s\\S])')
c12 = frozenset({dict, type(None)})
c13 = frozenset({dict})


def accepts(document: object) -> bool:
    free = []
    if type(document) is dict:
        if not c1.issuperset(document): return False
        v1 = document.get
        v2 = v1('ignore_unsupported_features')
        if v2 is not None or 'ignore_unsupported_features' in document:
            if type(v2) is list:
                if len(v2) > 7:
                    if not have_no_lone_surrogates(v2): return False
                else:
                    for v3 in v2:
                        if type(v3) is str:
                            if not (v3.isascii() or has_no_lone_surrogate(v3)): return False
                        else: return False
            elif type(v2) is not bool: return False
        v4 = v1('send_defaults')
        if v4 is not None:
            if type(v4) is dict:
                if not c2.issuperset(v4): return False
                v5 = v4.get
                v6 = v5('$schema')
                if v6 is not None or '$schema' in v4:
                    if type(v6) is str:
                        if not (v6.isascii() or has_no_lone_surrogate(v6)): return False
                    else: return False
                v7 = v5('from_email')
                if v7 is not None:
                    if type(v7) is str:
                        if not (v7.isascii() or has_no_lone_surrogate(v7)): return False
                    elif type(v7) is dict:
                        if 'email' not in v7: return False
                        if not c3.issuperset(v7): return False
                        v8 = v7.get
                        v9 = v8('email')
                        if v9 is not None or 'email' in v7:
                            if type(v9) is str:
                                if not (v9.isascii() or has_no_lone_surrogate(v9)): return False
                            else: return False
                        v10 = v8('name')
                        if v10 is not None:
                            if type(v10) is str:
                                if not (v10.isascii() or has_no_lone_surrogate(v10)): return False
                            elif v10 is not None: return False
                    elif v7 is not None: return False
                v11 = v5('to')
                if v11 is not None:
                    if type(v11) is list:
                        if len(v11) > 7 and set(map(type, v11)) == c4:
                            if not has_no_lone_surrogate(''.join(v11)): return False
                        else:
                            for v12 in v11:
                                if type(v12) is str:
                                    if not (v12.isascii() or has_no_lone_surrogate(v12)): return False
                                elif type(v12) is dict:
                                    if 'email' not in v12: return False
                                    if not c3.issuperset(v12): return False
                                    v13 = v12.get
                                    v14 = v13('email')
                                    if v14 is not None or 'email' in v12:
                                        if type(v14) is str:
                                            if not (v14.isascii() or has_no_lone_surrogate(v14)): return False
                                        else: return False
                                    v15 = v13('name')
                                    if v15 is not None:
                                        if type(v15) is str:
                                            if not (v15.isascii() or has_no_lone_surrogate(v15)): return False
                                        elif v15 is not None: return False
                                else: return False
                    elif v11 is not None: return False
                v16 = v5('cc')
                if v16 is not None:
                    if type(v16) is list:
                        if len(v16) > 7 and set(map(type, v16)) == c4:
                            if not has_no_lone_surrogate(''.join(v16)): return False
                        else:
                            for v17 in v16:
                                if type(v17) is str:
                                    if not (v17.isascii() or has_no_lone_surrogate(v17)): return False
                                elif type(v17) is dict:
                                    if 'email' not in v17: return False
                                    if not c3.issuperset(v17): return False
                                    v18 = v17.get
                                    v19 = v18('email')
                                    if v19 is not None or 'email' in v17:
                                        if type(v19) is str:
                                            if not (v19.isascii() or has_no_lone_surrogate(v19)): return False
                                        else: return False
                                    v20 = v18('name')
                                    if v20 is not None:
                                        if type(v20) is str:
                                            if not (v20.isascii() or has_no_lone_surrogate(v20)): return False
                                        elif v20 is not None: return False
                                else: return False
                    elif v16 is not None: return False
                v21 = v5('bcc')
                if v21 is not None:
                    if type(v21) is list:
                        if len(v21) > 7 and set(map(type, v21)) == c4:
                            if not has_no_lone_surrogate(''.join(v21)): return False
                        else:
                            for v22 in v21:
                                if type(v22) is str:
                                    if not (v22.isascii() or has_no_lone_surrogate(v22)): return False
                                elif type(v22) is dict:
                                    if 'email' not in v22: return False
                                    if not c3.issuperset(v22): return False
                                    v23 = v22.get
                                    v24 = v23('email')
                                    if v24 is not None or 'email' in v22:
                                        if type(v24) is str:
                                            if not (v24.isascii() or has_no_lone_surrogate(v24)): return False
                                        else: return False
                                    v25 = v23('name')
                                    if v25 is not None:
                                        if type(v25) is str:
                                            if not (v25.isascii() or has_no_lone_surrogate(v25)): return False
                                        elif v25 is not None: return False
                                else: return False
                    elif v21 is not None: return False
                v26 = v5('reply_to')
                if v26 is not None:
                    if type(v26) is list:
                        if len(v26) > 7 and set(map(type, v26)) == c4:
                            if not has_no_lone_surrogate(''.join(v26)): return False
                        else:
                            for v27 in v26:
                                if type(v27) is str:
                                    if not (v27.isascii() or has_no_lone_surrogate(v27)): return False
                                elif type(v27) is dict:
                                    if 'email' not in v27: return False
                                    if not c3.issuperset(v27): return False
                                    v28 = v27.get
                                    v29 = v28('email')
                                    if v29 is not None or 'email' in v27:
                                        if type(v29) is str:
                                            if not (v29.isascii() or has_no_lone_surrogate(v29)): return False
                                        else: return False
                                    v30 = v28('name')
                                    if v30 is not None:
                                        if type(v30) is str:
                                            if not (v30.isascii() or has_no_lone_surrogate(v30)): return False
                                        elif v30 is not None: return False
                                else: return False
                    elif v26 is not None: return False
                v31 = v5('subject')
                if v31 is not None:
                    if type(v31) is str:
                        if not (v31.isascii() or has_no_lone_surrogate(v31)): return False
                    elif v31 is not None: return False
                v32 = v5('body')
                if v32 is not None:
                    if type(v32) is str:
                        if not (v32.isascii() or has_no_lone_surrogate(v32)): return False
                    elif v32 is not None: return False
                v33 = v5('alternatives')
                if v33 is not None:
                    if type(v33) is list:
                        for v34 in v33:
                            if type(v34) is dict:
                                if 'content' not in v34: return False
                                if 'mimetype' not in v34: return False
                                if not c5.issuperset(v34): return False
                                v35 = v34.get
                                v36 = v35('content')
                                if v36 is not None or 'content' in v34:
                                    if type(v36) is str:
                                        if not (v36.isascii() or has_no_lone_surrogate(v36)): return False
                                    else: return False
                                v37 = v35('mimetype')
                                if v37 is not None or 'mimetype' in v34:
                                    if type(v37) is str:
                                        if not (v37.isascii() or has_no_lone_surrogate(v37)) or not c6.search(v37): return False
                                    else: return False
                            else: return False
                    elif v33 is not None: return False
                v38 = v5('attachments')
                if v38 is not None:
                    if type(v38) is list:
                        for v39 in v38:
                            if type(v39) is dict:
                                if 'content' not in v39: return False
                                if not c7.issuperset(v39): return False
                                v40 = v39.get
                                v41 = v40('filename')
                                if v41 is not None:
                                    if type(v41) is str:
                                        if not (v41.isascii() or has_no_lone_surrogate(v41)): return False
                                    elif v41 is not None: return False
                                v42 = v40('content')
                                if v42 is not None or 'content' in v39:
                                    if type(v42) is str:
                                        if not (v42.isascii() or has_no_lone_surrogate(v42)): return False
                                    else: return False
                                v43 = v40('encoding')
                                if v43 is not None or 'encoding' in v39:
                                    if not ((type(v43) is str and v43 in c8) or v43 is None): return False
                                v44 = v40('mimetype')
                                if v44 is not None:
                                    if type(v44) is str:
                                        if not (v44.isascii() or has_no_lone_surrogate(v44)) or not c6.search(v44): return False
                                    elif v44 is not None: return False
                                v45 = v40('disposition')
                                if v45 is not None or 'disposition' in v39:
                                    if not ((type(v45) is str and v45 in c9) or v45 is None): return False
                                v46 = v40('content_id')
                                if v46 is not None:
                                    if type(v46) is str:
                                        if not (v46.isascii() or has_no_lone_surrogate(v46)): return False
                                    elif v46 is not None: return False
                            else: return False
                    elif v38 is not None: return False
                v47 = v5('extra_headers')
                if v47 is not None:
                    if type(v47) is dict:
                        if not have_no_lone_surrogates(v47): return False
                        v49 = v47.values()
                        if len(v49) > 7:
                            if not c10.issuperset(map(type, v49)): return False
                            free.extend(v49)
                        else:
                            for v50 in v49:
                                if type(v50) is str:
                                    if not (v50.isascii() or has_no_lone_surrogate(v50)): return False
                                elif type(v50) is int or type(v50) is float:
                                    if not is_number(v50): return False
                                else: return False
                    elif v47 is not None: return False
                v51 = v5('envelope_sender')
                if v51 is not None:
                    if type(v51) is str:
                        if not (v51.isascii() or has_no_lone_surrogate(v51)): return False
                    elif type(v51) is dict:
                        if 'email' not in v51: return False
                        if not c3.issuperset(v51): return False
                        v52 = v51.get
                        v53 = v52('email')
                        if v53 is not None or 'email' in v51:
                            if type(v53) is str:
                                if not (v53.isascii() or has_no_lone_surrogate(v53)): return False
                            else: return False
                        v54 = v52('name')
                        if v54 is not None:
                            if type(v54) is str:
                                if not (v54.isascii() or has_no_lone_surrogate(v54)): return False
                            elif v54 is not None: return False
                    elif v51 is not None: return False
                v55 = v5('metadata')
                if v55 is not None:
                    if type(v55) is dict:
                        free.append(v55)
                    elif v55 is not None: return False
                v56 = v5('send_at')
                if v56 is not None:
                    if type(v56) is str:
                        if not (v56.isascii() or has_no_lone_surrogate(v56)) or not c11.search(v56): return False
                    elif type(v56) is int or type(v56) is float:
                        if not is_number(v56): return False
                    elif v56 is not None: return False
                v57 = v5('tags')
                if v57 is not None:
                    if type(v57) is list:
                        if len(v57) > 7:
                            if not have_no_lone_surrogates(v57): return False
                        else:
                            for v58 in v57:
                                if type(v58) is str:
                                    if not (v58.isascii() or has_no_lone_surrogate(v58)): return False
                                else: return False
                    elif v57 is not None: return False
                v59 = v5('track_clicks')
                if v59 is not None:
                    if type(v59) is not bool and v59 is not None: return False
                v60 = v5('track_opens')
                if v60 is not None:
                    if type(v60) is not bool and v60 is not None: return False
                v61 = v5('template_id')
                if v61 is not None:
                    if type(v61) is str:
                        if not (v61.isascii() or has_no_lone_surrogate(v61)): return False
                    elif type(v61) is int:
                        if not is_number(v61): return False
                    elif v61 is not None: return False
                v62 = v5('merge_data')
                if v62 is not None:
                    if type(v62) is dict:
                        if not have_no_lone_surrogates(v62): return False
                        v64 = v62.values()
                        if len(v64) > 7:
                            if not c12.issuperset(map(type, v64)): return False
                            free.extend(v64)
                        else:
                            for v65 in v64:
                                if type(v65) is dict:
                                    free.append(v65)
                                elif v65 is not None: return False
                    elif v62 is not None: return False
                v66 = v5('merge_global_data')
                if v66 is not None:
                    if type(v66) is dict:
                        free.append(v66)
                    elif v66 is not None: return False
                v67 = v5('merge_metadata')
                if v67 is not None:
                    if type(v67) is dict:
                        if not have_no_lone_surrogates(v67): return False
                        v69 = v67.values()
                        if len(v69) > 7:
                            if not c13.issuperset(map(type, v69)): return False
                            free.extend(v69)
                        else:
                            for v70 in v69:
                                if type(v70) is dict:
                                    free.append(v70)
                                else: return False
                    elif v67 is not None: return False
                v71 = v5('esp_extra')
                if v71 is not None:
                    if type(v71) is dict:
                        free.append(v71)
                    elif v71 is not None: return False
            elif v4 is not None: return False
        v72 = v1('template_sender')
        if v72 is not None:
            if type(v72) is str:
                if not (v72.isascii() or has_no_lone_surrogate(v72)): return False
            elif type(v72) is dict:
                if 'email' not in v72: return False
                if not c3.issuperset(v72): return False
                v73 = v72.get
                v74 = v73('email')
                if v74 is not None or 'email' in v72:
                    if type(v74) is str:
                        if not (v74.isascii() or has_no_lone_surrogate(v74)): return False
                    else: return False
                v75 = v73('name')
                if v75 is not None:
                    if type(v75) is str:
                        if not (v75.isascii() or has_no_lone_surrogate(v75)): return False
                    elif v75 is not None: return False
            elif v72 is not None: return False
    else: return False
    return not free or are_plain(free)
