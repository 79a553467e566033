"""How the page looks: light and dark, wide and narrow, on paper.

The map of days begins at its right end, where a narrow screen shows the newest: `direction: rtl` of
what scrolls does that without a script.
"""

__all__ = ["STYLE"]

STYLE = """
:root{--bg:#f6f7f9;--card:#fff;--ink:#1c2430;--dim:#5c6675;--rule:#d9dee5;--empty:#eceff3;
--valid:#5fb58c;--warning:#f2c14e;--error:#e8702a;--fatal:#a4161a;--execution_error:#7a5ea8;
--unknown:#404040;--on-warning:#2b1d00;--accent:#2f6f9f}
@media (prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1b2129;--ink:#e7ebf0;--dim:#9aa6b5;
--rule:#323b47;--empty:#262e38;--valid:#3f8f68;--warning:#e3b23c;--error:#e8702a;--fatal:#d64550;
--execution_error:#9a7fd0;--unknown:#a0a0a0;--accent:#6cb2e2}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
main{max-width:1200px;margin:0 auto;padding:16px}
h1{font-size:1.5rem;margin:.2em 0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:0 0 .4em}
h3{font-size:1rem;margin:0;overflow-wrap:anywhere}p{margin:.2em 0}
header p,.note,.dim,.from-to{color:var(--dim);font-size:.85rem}
section{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:14px;
margin:14px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:12px}
.tile b{display:block;font-size:1.45rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.tile span{color:var(--dim);font-size:.85rem}
.dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.35em;
background:var(--empty)}
table{border-collapse:collapse;width:100%}th{font-weight:500;text-align:left}
.bars th{width:12em;padding:3px 8px 3px 0}.bars td{padding:3px 4px}
.bar div{background:var(--empty);border-radius:3px;height:14px;min-width:60px}
.bar i{display:block;height:14px;border-radius:3px;background:var(--accent)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;width:1%}
.scroll{overflow-x:auto}
#map .scroll{direction:rtl}#map table{direction:ltr}
.map{border-collapse:separate;border-spacing:2px;width:auto;min-width:100%}
.map th[scope=row]{position:sticky;left:0;background:var(--card);padding-right:8px;
font-size:.85rem;max-width:300px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.map thead th{font-size:.7rem;color:var(--dim);text-align:center;padding:0}
.map thead th:first-child{text-align:left}
.map td{width:20px;min-width:18px;height:20px;text-align:center;font-size:.65rem;font-weight:700;
border-radius:3px;color:#fff;background:var(--empty);padding:0}
td.valid,.dot.valid{background:var(--valid)}
td.warning,.dot.warning{background:var(--warning)}
.map td.warning,.map td.error{color:var(--on-warning)}
td.error,.dot.error{background:var(--error)}td.fatal,.dot.fatal{background:var(--fatal)}
td.execution_error,.dot.execution_error{background:var(--execution_error)}
td.unknown,.dot.unknown{background:var(--unknown)}
.chart{position:relative;padding-left:52px}
.chart svg{display:block;width:100%;height:120px;background:var(--empty);border-radius:4px}
.chart .top,.chart .bottom{position:absolute;left:0;width:46px;text-align:right;font-size:.72rem;
color:var(--dim)}.chart .top{top:0}.chart .bottom{bottom:0}
.from-to{display:flex;justify-content:space-between;padding-left:52px}
rect.warning{fill:var(--warning)}rect.error{fill:var(--error)}rect.fatal{fill:var(--fatal)}
rect.execution_error{fill:var(--execution_error)}rect.unknown{fill:var(--unknown)}
.band{opacity:.22}.line{fill:none;stroke:var(--dim);stroke-width:1.5;
vector-effect:non-scaling-stroke}
.point{stroke-width:7;stroke-linecap:round;vector-effect:non-scaling-stroke;stroke:var(--dim)}
.point.valid{stroke:var(--valid)}.point.warning{stroke:var(--warning)}
.point.error{stroke:var(--error)}.point.fatal{stroke:var(--fatal)}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:.85rem;margin-top:8px}
article{border-top:1px solid var(--rule);padding:12px 0}article:first-of-type{border:0}
.histories{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));
gap:14px;margin-top:8px}
figure{margin:0;min-width:0}figcaption{display:flex;flex-wrap:wrap;justify-content:space-between;
gap:0 12px;font-size:.85rem;margin-bottom:4px;overflow-wrap:anywhere}
.list th,.list td{padding:5px 12px 5px 0;border-bottom:1px solid var(--rule);white-space:nowrap;
font-size:.9rem}
@media (max-width:600px){main{padding:8px}section{padding:10px}.bars th{width:auto}
.bars .dim{display:none}.map th[scope=row]{max-width:150px}}
@media print{:root{--bg:#fff;--card:#fff;--ink:#000;--dim:#444}body{font-size:11px}
section,article,figure{break-inside:avoid}*{-webkit-print-color-adjust:exact;
print-color-adjust:exact}.scroll{overflow:visible}#map .scroll{direction:ltr}
.map{border-spacing:1px;table-layout:fixed;width:100%;min-width:0}
.map td{width:auto;min-width:0;font-size:.5rem}.map thead th:first-child{width:140px}
.map th[scope=row]{position:static;white-space:normal;overflow-wrap:anywhere}
.list td{white-space:normal}}
"""
