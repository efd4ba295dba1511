"""Whether a document fits schemas/message.schema.json.

Written by `python -m compiler.engine guard`; not to be changed by hand.
"""

# fmt: off
# ruff: noqa
# mypy: ignore-errors

import re

from compiler.json_io.plain import have_no_lone_surrogates, are_plain, has_no_lone_surrogate, is_number

c1 = frozenset({'$schema', 'alternatives', 'attachments', 'bcc', 'body', 'cc', 'content_subtype', 'envelope_sender', 'esp_extra', 'extra_headers', 'from_email', 'merge_data', 'merge_global_data', 'merge_metadata', 'metadata', 'reply_to', 'send_at', 'subject', 'tags', 'template_id', 'to', 'track_clicks', 'track_opens'})
c2 = frozenset({'email', 'name'})
c3 = frozenset({str})
c4 = frozenset({'html', 'plain'})
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
        v2 = v1('$schema')
        if v2 is not None or '$schema' in document:
            if type(v2) is str:
                if not (v2.isascii() or has_no_lone_surrogate(v2)): return False
            else: return False
        v3 = v1('from_email')
        if v3 is not None:
            if type(v3) is str:
                if not (v3.isascii() or has_no_lone_surrogate(v3)): return False
            elif type(v3) is dict:
                if 'email' not in v3: return False
                if not c2.issuperset(v3): return False
                v4 = v3.get
                v5 = v4('email')
                if v5 is not None or 'email' in v3:
                    if type(v5) is str:
                        if not (v5.isascii() or has_no_lone_surrogate(v5)): return False
                    else: return False
                v6 = v4('name')
                if v6 is not None:
                    if type(v6) is str:
                        if not (v6.isascii() or has_no_lone_surrogate(v6)): return False
                    elif v6 is not None: return False
            elif v3 is not None: return False
        v7 = v1('to')
        if v7 is not None:
            if type(v7) is list:
                if len(v7) > 7 and set(map(type, v7)) == c3:
                    if not has_no_lone_surrogate(''.join(v7)): return False
                else:
                    for v8 in v7:
                        if type(v8) is str:
                            if not (v8.isascii() or has_no_lone_surrogate(v8)): return False
                        elif type(v8) is dict:
                            if 'email' not in v8: return False
                            if not c2.issuperset(v8): return False
                            v9 = v8.get
                            v10 = v9('email')
                            if v10 is not None or 'email' in v8:
                                if type(v10) is str:
                                    if not (v10.isascii() or has_no_lone_surrogate(v10)): return False
                                else: return False
                            v11 = v9('name')
                            if v11 is not None:
                                if type(v11) is str:
                                    if not (v11.isascii() or has_no_lone_surrogate(v11)): return False
                                elif v11 is not None: return False
                        else: return False
            elif v7 is not None: return False
        v12 = v1('cc')
        if v12 is not None:
            if type(v12) is list:
                if len(v12) > 7 and set(map(type, v12)) == c3:
                    if not has_no_lone_surrogate(''.join(v12)): return False
                else:
                    for v13 in v12:
                        if type(v13) is str:
                            if not (v13.isascii() or has_no_lone_surrogate(v13)): return False
                        elif type(v13) is dict:
                            if 'email' not in v13: return False
                            if not c2.issuperset(v13): return False
                            v14 = v13.get
                            v15 = v14('email')
                            if v15 is not None or 'email' in v13:
                                if type(v15) is str:
                                    if not (v15.isascii() or has_no_lone_surrogate(v15)): return False
                                else: return False
                            v16 = v14('name')
                            if v16 is not None:
                                if type(v16) is str:
                                    if not (v16.isascii() or has_no_lone_surrogate(v16)): return False
                                elif v16 is not None: return False
                        else: return False
            elif v12 is not None: return False
        v17 = v1('bcc')
        if v17 is not None:
            if type(v17) is list:
                if len(v17) > 7 and set(map(type, v17)) == c3:
                    if not has_no_lone_surrogate(''.join(v17)): return False
                else:
                    for v18 in v17:
                        if type(v18) is str:
                            if not (v18.isascii() or has_no_lone_surrogate(v18)): return False
                        elif type(v18) is dict:
                            if 'email' not in v18: return False
                            if not c2.issuperset(v18): return False
                            v19 = v18.get
                            v20 = v19('email')
                            if v20 is not None or 'email' in v18:
                                if type(v20) is str:
                                    if not (v20.isascii() or has_no_lone_surrogate(v20)): return False
                                else: return False
                            v21 = v19('name')
                            if v21 is not None:
                                if type(v21) is str:
                                    if not (v21.isascii() or has_no_lone_surrogate(v21)): return False
                                elif v21 is not None: return False
                        else: return False
            elif v17 is not None: return False
        v22 = v1('reply_to')
        if v22 is not None:
            if type(v22) is list:
                if len(v22) > 7 and set(map(type, v22)) == c3:
                    if not has_no_lone_surrogate(''.join(v22)): return False
                else:
                    for v23 in v22:
                        if type(v23) is str:
                            if not (v23.isascii() or has_no_lone_surrogate(v23)): return False
                        elif type(v23) is dict:
                            if 'email' not in v23: return False
                            if not c2.issuperset(v23): return False
                            v24 = v23.get
                            v25 = v24('email')
                            if v25 is not None or 'email' in v23:
                                if type(v25) is str:
                                    if not (v25.isascii() or has_no_lone_surrogate(v25)): return False
                                else: return False
                            v26 = v24('name')
                            if v26 is not None:
                                if type(v26) is str:
                                    if not (v26.isascii() or has_no_lone_surrogate(v26)): return False
                                elif v26 is not None: return False
                        else: return False
            elif v22 is not None: return False
        v27 = v1('subject')
        if v27 is not None:
            if type(v27) is str:
                if not (v27.isascii() or has_no_lone_surrogate(v27)): return False
            elif v27 is not None: return False
        v28 = v1('body')
        if v28 is not None:
            if type(v28) is str:
                if not (v28.isascii() or has_no_lone_surrogate(v28)): return False
            elif v28 is not None: return False
        v29 = v1('content_subtype')
        if v29 is not None or 'content_subtype' in document:
            if not ((type(v29) is str and v29 in c4) or v29 is None): return False
        v30 = v1('alternatives')
        if v30 is not None:
            if type(v30) is list:
                for v31 in v30:
                    if type(v31) is dict:
                        if 'content' not in v31: return False
                        if 'mimetype' not in v31: return False
                        if not c5.issuperset(v31): return False
                        v32 = v31.get
                        v33 = v32('content')
                        if v33 is not None or 'content' in v31:
                            if type(v33) is str:
                                if not (v33.isascii() or has_no_lone_surrogate(v33)): return False
                            else: return False
                        v34 = v32('mimetype')
                        if v34 is not None or 'mimetype' in v31:
                            if type(v34) is str:
                                if not (v34.isascii() or has_no_lone_surrogate(v34)) or not c6.search(v34): return False
                            else: return False
                    else: return False
            elif v30 is not None: return False
        v35 = v1('attachments')
        if v35 is not None:
            if type(v35) is list:
                for v36 in v35:
                    if type(v36) is dict:
                        if 'content' not in v36: return False
                        if not c7.issuperset(v36): return False
                        v37 = v36.get
                        v38 = v37('filename')
                        if v38 is not None:
                            if type(v38) is str:
                                if not (v38.isascii() or has_no_lone_surrogate(v38)): return False
                            elif v38 is not None: return False
                        v39 = v37('content')
                        if v39 is not None or 'content' in v36:
                            if type(v39) is str:
                                if not (v39.isascii() or has_no_lone_surrogate(v39)): return False
                            else: return False
                        v40 = v37('encoding')
                        if v40 is not None or 'encoding' in v36:
                            if not ((type(v40) is str and v40 in c8) or v40 is None): return False
                        v41 = v37('mimetype')
                        if v41 is not None:
                            if type(v41) is str:
                                if not (v41.isascii() or has_no_lone_surrogate(v41)) or not c6.search(v41): return False
                            elif v41 is not None: return False
                        v42 = v37('disposition')
                        if v42 is not None or 'disposition' in v36:
                            if not ((type(v42) is str and v42 in c9) or v42 is None): return False
                        v43 = v37('content_id')
                        if v43 is not None:
                            if type(v43) is str:
                                if not (v43.isascii() or has_no_lone_surrogate(v43)): return False
                            elif v43 is not None: return False
                    else: return False
            elif v35 is not None: return False
        v44 = v1('extra_headers')
        if v44 is not None:
            if type(v44) is dict:
                if not have_no_lone_surrogates(v44): return False
                v46 = v44.values()
                if len(v46) > 7:
                    if not c10.issuperset(map(type, v46)): return False
                    free.extend(v46)
                else:
                    for v47 in v46:
                        if type(v47) is str:
                            if not (v47.isascii() or has_no_lone_surrogate(v47)): return False
                        elif type(v47) is int or type(v47) is float:
                            if not is_number(v47): return False
                        else: return False
            elif v44 is not None: return False
        v48 = v1('envelope_sender')
        if v48 is not None:
            if type(v48) is str:
                if not (v48.isascii() or has_no_lone_surrogate(v48)): return False
            elif type(v48) is dict:
                if 'email' not in v48: return False
                if not c2.issuperset(v48): return False
                v49 = v48.get
                v50 = v49('email')
                if v50 is not None or 'email' in v48:
                    if type(v50) is str:
                        if not (v50.isascii() or has_no_lone_surrogate(v50)): return False
                    else: return False
                v51 = v49('name')
                if v51 is not None:
                    if type(v51) is str:
                        if not (v51.isascii() or has_no_lone_surrogate(v51)): return False
                    elif v51 is not None: return False
            elif v48 is not None: return False
        v52 = v1('metadata')
        if v52 is not None:
            if type(v52) is dict:
                free.append(v52)
            elif v52 is not None: return False
        v53 = v1('send_at')
        if v53 is not None:
            if type(v53) is str:
                if not (v53.isascii() or has_no_lone_surrogate(v53)) or not c11.search(v53): return False
            elif type(v53) is int or type(v53) is float:
                if not is_number(v53): return False
            elif v53 is not None: return False
        v54 = v1('tags')
        if v54 is not None:
            if type(v54) is list:
                if len(v54) > 7:
                    if not have_no_lone_surrogates(v54): return False
                else:
                    for v55 in v54:
                        if type(v55) is str:
                            if not (v55.isascii() or has_no_lone_surrogate(v55)): return False
                        else: return False
            elif v54 is not None: return False
        v56 = v1('track_clicks')
        if v56 is not None:
            if type(v56) is not bool and v56 is not None: return False
        v57 = v1('track_opens')
        if v57 is not None:
            if type(v57) is not bool and v57 is not None: return False
        v58 = v1('template_id')
        if v58 is not None:
            if type(v58) is str:
                if not (v58.isascii() or has_no_lone_surrogate(v58)): return False
            elif type(v58) is int:
                if not is_number(v58): return False
            elif v58 is not None: return False
        v59 = v1('merge_data')
        if v59 is not None:
            if type(v59) is dict:
                if not have_no_lone_surrogates(v59): return False
                v61 = v59.values()
                if len(v61) > 7:
                    if not c12.issuperset(map(type, v61)): return False
                    free.extend(v61)
                else:
                    for v62 in v61:
                        if type(v62) is dict:
                            free.append(v62)
                        elif v62 is not None: return False
            elif v59 is not None: return False
        v63 = v1('merge_global_data')
        if v63 is not None:
            if type(v63) is dict:
                free.append(v63)
            elif v63 is not None: return False
        v64 = v1('merge_metadata')
        if v64 is not None:
            if type(v64) is dict:
                if not have_no_lone_surrogates(v64): return False
                v66 = v64.values()
                if len(v66) > 7:
                    if not c13.issuperset(map(type, v66)): return False
                    free.extend(v66)
                else:
                    for v67 in v66:
                        if type(v67) is dict:
                            free.append(v67)
                        else: return False
            elif v64 is not None: return False
        v68 = v1('esp_extra')
        if v68 is not None:
            if type(v68) is dict:
                free.append(v68)
            elif v68 is not None: return False
    else: return False
    return not free or are_plain(free)
