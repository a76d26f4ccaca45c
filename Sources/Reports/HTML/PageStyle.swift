// SPDX-License-Identifier: Apache-2.0

/// The style sheet of the page: sober, dark on white, for screens from 360 px and for A4.
enum PageStyle {
    /// For every medium.
    static let everywhere = """
        *{box-sizing:border-box}
        html{font:15px/1.5 "Noto Sans","DejaVu Sans",Arial,sans-serif;color:#1b1f24;
        background:#fff}
        body{margin:0 auto;max-width:1080px;padding:0 20px 48px}
        h1{font-size:1.7rem;line-height:1.25;margin:.2em 0 .1em;color:#123a5e}
        h2{font-size:1.3rem;line-height:1.3;margin:2.4em 0 .7em;padding-bottom:.25em;
        border-bottom:2px solid #123a5e;color:#123a5e}
        h3{font-size:1.02rem;margin:1.7em 0 .5em}
        p{margin:.4em 0 .8em;max-width:75ch}
        a{color:#123a5e;text-decoration-thickness:1px;text-underline-offset:2px}
        .soft{color:#4b535c}.small{font-size:.87rem}
        .over{font-size:.85rem;letter-spacing:.04em;color:#4b535c;margin:1.6em 0 0}
        .lead{font-size:1.15rem;margin:.1em 0 1em;color:#4b535c}
        dl.facts{display:flex;flex-wrap:wrap;gap:2px 28px;margin:.6em 0 1.4em;font-size:.87rem}
        dl.facts dt,dl.facts dd{display:inline;margin:0}
        dl.facts dt{color:#4b535c}
        dl.facts dt:after{content:": "}
        .box{border:1px solid #d5dae0;border-left:8px solid #4b535c;padding:14px 20px;
        margin:0 0 18px}
        .box p{margin:.2em 0;max-width:none}
        .box .big{font-size:1.4rem;line-height:1.3;font-weight:700;margin:0 0 .25em}
        .box.met{border-left-color:#1f6b4f}.box.met .big{color:#1f6b4f}
        .box.breached{border-left-color:#9c2f0b}.box.breached .big{color:#9c2f0b}
        .box.undecidable{border-left-color:#c29b00}.box.undecidable .big{color:#6a5300}
        .note{background:#fff7dc;border:1px solid #e6cf80;padding:7px 14px;margin:0 0 14px}
        .keys{display:flex;flex-wrap:wrap;margin:0 0 10px;border:1px solid #d5dae0}
        .keys div{flex:1 1 170px;padding:10px 16px;border-right:1px solid #d5dae0}
        .keys div:last-child{border-right:0}
        .keys .figure{display:block;font-size:1.22rem;font-weight:700;white-space:nowrap}
        .keys .what{display:block;font-size:.8rem;color:#4b535c;line-height:1.35}
        .wide{overflow-x:auto;margin:0 0 1.2em}
        table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.38}
        th,td{padding:5px 9px;text-align:left;vertical-align:top;
        border-bottom:1px solid #d5dae0}
        thead th{background:#f3f5f7;font-weight:600;font-size:.8rem;line-height:1.3;
        vertical-align:bottom;border-bottom:1.5px solid #9aa5b1}
        thead th a{color:inherit;text-decoration:underline dotted}
        th.n,td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        th.n{white-space:normal}
        td.sub{background:#f3f5f7;font-weight:600;padding-top:7px}
        td.wrap{white-space:normal;min-width:5.5em}
        td.c,th.c{white-space:nowrap}
        td.name{min-width:9em}
        td.when{min-width:9.5em}
        td.noted{min-width:17em}td.lined{min-width:9em}
        td.rule{min-width:13em}
        td.pic{padding:6px 9px;vertical-align:middle}
        td.pic svg{display:block;width:100%;min-width:150px;height:auto}
        .share{font-size:.85em;color:#4b535c}
        td.used{min-width:96px;white-space:nowrap}td.used svg{display:block;width:86px;height:auto;margin:2px 0 0}
        .id{font-family:"Noto Sans Mono","DejaVu Sans Mono",monospace;font-size:.92em;
        overflow-wrap:break-word}
        td .id{color:#4b535c;font-size:.88em}
        td.bad{color:#9c2f0b;font-weight:700}
        .v{display:inline-block;padding:0 7px;border-radius:9px;border:1px solid;font-size:.92em}
        .v.met{color:#1f6b4f;border-color:#a9d4c2;background:#eef8f3}
        .v.breached{color:#fff;border-color:#9c2f0b;background:#9c2f0b;font-weight:600}
        .v.undecidable{color:#6a5300;border-color:#dcc46a;background:#fff7dc}
        .v.mark{color:#9c2f0b;border-color:#9c2f0b;background:#fff;white-space:normal}
        dl.terms{margin:0}
        dl.terms dt{font-weight:600;margin-top:.9em}
        dl.terms dd{margin:0 0 0 1.2em}
        dl.terms code{font-family:"Noto Sans Mono","DejaVu Sans Mono",monospace;font-size:.92em;
        background:#f3f5f7;padding:1px 6px}
        :target{background:#fff2c4}
        figure{margin:0 0 1.4em}figure svg{max-width:100%;height:auto;display:block}
        .beside,.charts{display:flex;flex-wrap:wrap;gap:0 24px;align-items:flex-start}
        .beside>div,.charts figure{flex:1 1 320px;min-width:0}
        figcaption{font-size:.86rem;color:#4b535c;margin-bottom:.3em}
        nav ol{margin:.3em 0 0;padding:0;list-style:none;columns:2;font-size:.9rem}
        .runner{display:none}

        """

    /// For narrow screens.
    static let narrow = """
        @media (max-width:640px){html{font-size:14px}body{padding:0 12px 32px}
        h1{font-size:1.4rem}.box{padding:12px 14px}.keys div{flex-basis:50%;border-right:0;
        border-bottom:1px solid #d5dae0}nav ol{columns:1}figure{overflow-x:auto}figure svg{min-width:560px}
        th,td{padding:5px 7px}}

        """

    /// For paper: A4, running head and foot, heads of tables on every page.
    static let paper = """
        @page{size:A4;margin:21mm 15mm 19mm;
        @top-left{content:string(paper);font:8pt "Noto Sans","DejaVu Sans",sans-serif;
        color:#4b535c}
        @top-right{content:string(edition);font:8pt "Noto Sans","DejaVu Sans",sans-serif;
        color:#4b535c}
        @bottom-left{content:string(maker);font:8pt "Noto Sans","DejaVu Sans",sans-serif;
        color:#4b535c}
        @bottom-right{content:counter(page) " / " counter(pages);
        font:8pt "Noto Sans","DejaVu Sans",sans-serif;color:#4b535c}}
        @page :first{margin-top:10mm;margin-bottom:15mm;@top-left{content:none}@top-right{content:none}}
        @media print{html{font-size:9.4pt;line-height:1.42}
        body{max-width:none;padding:0;margin:0}
        .runner{display:block;height:0;overflow:hidden;color:#fff;font-size:1pt}
        .r1{string-set:paper content()}.r2{string-set:edition content()}
        .r3{string-set:maker content()}
        .over{margin-top:0}
        h1{font-size:17pt}h2{font-size:13pt;margin-top:1.9em;break-after:avoid}
        h3{font-size:10.4pt;break-after:avoid}
        section.page{break-before:page}section.page>h2:first-child{margin-top:0}
        td.wrap{width:24mm}td.wrap .share{white-space:nowrap}td.used{width:25mm}td.used svg{width:24mm}
        nav{display:none}
        dl.facts{display:block;margin:3pt 0 8pt;font-size:8.6pt}
        dl.facts div{display:inline-block;margin-right:14pt}
        .keys{display:table;width:100%;margin-bottom:8pt}
        .keys div{display:table-cell;padding:6pt 8pt}
        .box{padding:8pt 14pt;margin-bottom:10pt}.box .big{font-size:14.5pt}
        .box p{margin:2pt 0}section:first-of-type td{padding-top:1.5pt;padding-bottom:1.5pt}
        section:first-of-type h3{margin:8pt 0 3pt}
        .wide{overflow:visible}
        table{font-size:8pt}thead{display:table-header-group}
        thead th{font-size:7.4pt}th,td{padding:3pt 3.5pt}
        tr.sub{break-after:avoid}
        tr,.box,.keys,.note,dl.terms div,figure{break-inside:avoid}
        td.pic svg{min-width:0}td.name{min-width:21mm}td.noted{width:33mm}td.when{min-width:0}
        td.pic svg{max-width:44mm}
        .beside{display:table;width:100%}
        .beside>div{display:table-cell;vertical-align:top;width:50%}
        .beside>div+div{padding-left:10pt}.beside figure{margin:0}
        .charts{display:block}
        .charts figure{display:inline-block;width:48.5%;margin:0 1% 6pt 0;vertical-align:top}
        figcaption{font-size:8pt;margin-bottom:1pt}figure{margin:0 0 8pt}
        p{orphans:3;widows:3;max-width:none}
        a{color:inherit;text-decoration:none}thead th a{text-decoration:none}
        .keys .figure{font-size:11.5pt}}

        """
}
