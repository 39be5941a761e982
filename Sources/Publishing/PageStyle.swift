/// The page's style sheet, as it stands in it.
enum PageStyle {
    static let css = """
        :root{--ink:#1d2733;--soft:#5b6876;--line:#dde3e9;--paper:#fff;--ground:#f4f6f8;--blue:#0072B2;--yes:#00755a;--no:#b3400a;--hover:#f2f7fb;--good:#eef8f4;--bad:#fdf3ec;--shade:#1d273348;color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--soft:#a3b0bd;--line:#38434e;--paper:#161c22;--ground:#0f1419;--blue:#66b8ea;--yes:#4cc9a4;--no:#f0915c;--hover:#1e2730;--good:#12281f;--bad:#2e1d13;--shade:#c8d7e648}figure>svg,.plot svg{background:#fff;border-radius:6px}.space>svg{background:transparent}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
        main{max-width:1120px;margin:24px auto;padding:32px 40px 40px;background:var(--paper);border:1px solid var(--line);border-radius:10px}
        header{border-bottom:3px solid var(--blue);padding-bottom:10px;margin-bottom:18px}
        h1{font-size:1.75rem;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
        header p{margin:.3rem 0 0;color:var(--soft)}
        nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin:0 0 18px;font-size:.9rem}
        a{color:var(--blue);text-decoration:none}a:hover{text-decoration:underline}
        h2{font-size:1.2rem;font-weight:650;margin:34px 0 10px}
        p{margin:.5rem 0}
        .note,figcaption{color:var(--soft);font-size:.88rem}
        .verdict{border-radius:8px;padding:12px 18px;margin:14px 0 18px;border:1px solid;border-left-width:6px}
        .verdict strong{font-size:1.06rem}
        .verdict.yes{border-color:var(--yes);background:var(--good)}.verdict.yes strong{color:var(--yes)}
        .verdict.no{border-color:var(--no);background:var(--bad)}.verdict.no strong{color:var(--no)}
        .verdict ul{list-style:none;margin:8px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(330px,100%),1fr));gap:2px 24px;font-size:.93rem}
        .verdict li span{display:inline-block;width:1.2em;font-weight:700}
        li.yes span{color:var(--yes)}li.no span{color:var(--no)}li.open span{color:var(--soft)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:14px 0}
        .figures>div{border:1px solid var(--line);border-radius:8px;padding:10px 14px;display:flex;flex-direction:column}
        .figures b{font-weight:500;font-size:.82rem;color:var(--soft)}
        .figures em{font-style:normal;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.3;white-space:nowrap}
        .figures i{font-style:normal;font-size:.85rem;font-weight:400;color:var(--soft);margin-left:.25em}
        .figures small{color:var(--soft);font-size:.78rem;line-height:1.3}
        /* A shade at the edge behind which a table goes on; the paper's colour covers it where it ends. */
        .scroll{overflow-x:auto;margin:10px 0;background:linear-gradient(90deg,var(--paper) 40%,#0000),linear-gradient(270deg,var(--paper) 40%,#0000) 100% 0,linear-gradient(90deg,var(--shade),#0000),linear-gradient(270deg,var(--shade),#0000) 100% 0;background-repeat:no-repeat;background-size:40px 100%,40px 100%,14px 100%,14px 100%;background-attachment:local,local,scroll,scroll}
        table{border-collapse:collapse;font-size:.93rem;min-width:55%}
        .stacks{display:flex;flex-wrap:wrap;gap:0 32px;align-items:flex-start}.stacks table{min-width:0;flex:1 1 260px}
        th{text-align:left;font-weight:600;border-bottom:2px solid var(--ink);padding:5px 22px 5px 8px;white-space:nowrap}
        th i{font-style:normal;font-weight:400;color:var(--soft);font-size:.85em}
        td{border-bottom:1px solid var(--line);padding:4px 22px 4px 8px}
        .wide table{font-size:.84rem}.wide th,.wide td{padding:4px 9px 4px 4px;white-space:nowrap}
        th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-align:inherit}th[aria-sort]{border-bottom-color:var(--blue)}th[aria-sort=ascending] button::after{content:" ▲";font-size:.7em}th[aria-sort=descending] button::after{content:" ▼";font-size:.7em}
        .find{font:inherit;font-size:.9rem;margin:10px 0 0;padding:5px 10px;border:1px solid var(--line);border-radius:6px;background:var(--paper);color:var(--ink);width:min(260px,100%)}
        tbody tr:hover{background:var(--hover)}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        figure{margin:16px 0}figure svg{width:100%;height:auto;display:block}
        figure svg text,figure svg tspan{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif}
        figure .legend{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:.88rem;margin:.2rem 0}figure .legend svg{display:inline-block;width:24px;height:14px;vertical-align:-2px;margin-right:6px}
        svg.own text{font-size:15px;fill:#303030}
        .plot{position:relative;cursor:crosshair}
        .line{position:absolute;top:7%;bottom:10%;width:1px;background:#0072B288;display:none;pointer-events:none}
        .readout{font-size:.9rem;font-variant-numeric:tabular-nums;color:var(--soft);min-height:1.5em;margin:.2rem 0}
        .readout b{color:var(--ink);font-weight:600}
        .lens{width:100%;touch-action:pan-y;border:1px solid var(--line);border-radius:6px}
        .space svg{width:100%;max-height:70vh;min-height:240px;border:1px solid var(--line);border-radius:8px;touch-action:none;cursor:grab;outline-offset:2px;user-select:none;-webkit-user-select:none}
        .space .edge{stroke:var(--soft);stroke-width:1.2}.space .face{fill-opacity:.3;stroke:var(--ink);stroke-width:.7;stroke-opacity:.6}
        .space .ball{stroke:#00000066;stroke-width:.8}.space .ball.on{stroke:var(--blue);stroke-width:4}
        .space text{font-size:13px;fill:var(--ink);stroke:var(--paper);stroke-width:3px;paint-order:stroke;pointer-events:none}.space .mark{font-style:italic;font-size:16px;fill:var(--soft)}
        .tools{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0}
        .tools button{font:inherit;font-size:.88rem;min-height:34px;min-width:38px;padding:3px 11px;border:1px solid var(--line);border-radius:6px;background:var(--ground);color:var(--ink);cursor:pointer}
        .tools button[aria-pressed=true]{border-color:var(--blue);box-shadow:inset 0 0 0 1px var(--blue)}
        .tools button i{display:inline-block;width:.75em;height:.75em;border-radius:50%;border:1px solid #00000055;margin-right:.45em}
        pre{background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:10px 14px;overflow-x:auto;font:13px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
        .files{padding-left:1.2em;margin:.4rem 0}.files li{margin:.15rem 0}
        details{margin:10px 0}summary{cursor:pointer;color:var(--blue)}
        footer{max-width:1120px;margin:0 auto 32px;padding:0 40px;color:var(--soft);font-size:.82rem;overflow-wrap:anywhere}
        @media(max-width:700px){svg.own text{font-size:25px}figure.fit .plot>svg{display:none}main{padding:20px 16px;margin:0;border:0;border-radius:0}footer{padding:16px}}
        @media print{:root{--ink:#1d2733;--soft:#5b6876;--line:#dde3e9;--paper:#fff;--ground:#fff;--blue:#0072B2;--yes:#00755a;--no:#b3400a;--good:#fff;--bad:#fff}@page{margin:14mm}.scroll{overflow:visible;background:none}.scroll table{font-size:.8rem}.wide table{font-size:.62rem}.wide th,.wide td{white-space:normal;padding:3px 6px 3px 2px}.tools,.find{display:none}body{background:#fff}main{border:0;margin:0;padding:0;max-width:none}.readout,nav{display:none}}
        """
}
