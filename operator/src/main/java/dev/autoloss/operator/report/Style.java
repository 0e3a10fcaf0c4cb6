package dev.autoloss.operator.report;

/**
 * The page's looks: colours after Okabe and Ito, which people with any colour vision tell apart.
 */
final class Style {
  static final String CSS =
      """
      :root{color-scheme:light dark;--ink:#1b1f24;--dim:#5b6570;--line:#d5dae0;--page:#fff;--card:#f6f8fa;
      --blue:#0072b2;--orange:#e69f00;--red:#d55e00;--green:#009e73;--sky:#56b4e9;--purple:#cc79a7;--grey:#8a939c;--pale:#d5dae0}
      @media (prefers-color-scheme:dark){:root{--ink:#e6e9ec;--dim:#a0a9b2;--line:#3a424b;--page:#14181c;--card:#1d2329;
      --blue:#56a8e0;--orange:#f0b429;--red:#f0824a;--green:#2fc39a;--sky:#8fd0f5;--purple:#e0a3c6;--grey:#8a939c;--pale:#4a535c}}
      @media print{:root{--ink:#000;--dim:#444;--line:#bbb;--page:#fff;--card:#fff;
      --blue:#0072b2;--orange:#e69f00;--red:#d55e00;--green:#009e73;--sky:#56b4e9;--purple:#cc79a7;--grey:#8a939c;--pale:#d5dae0}
      *{print-color-adjust:exact}section,article,figure{break-inside:avoid-page}}
      *{box-sizing:border-box}
      body{margin:0 auto;padding:1rem;max-width:60rem;background:var(--page);color:var(--ink);
      font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
      h1{font-size:1.6rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}
      p,ul{margin:.5rem 0}ul{padding-left:1.2rem}
      .dim{color:var(--dim)}.alarm{border-left:.3rem solid var(--red);padding:.3rem .8rem;background:var(--card)}
      .figures{display:flex;flex-wrap:wrap;gap:.6rem;margin:1rem 0}
      .figures div{flex:1 1 8rem;background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .8rem}
      .figures b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
      figure{margin:.5rem 0;overflow-x:auto}figure>svg{display:block;width:100%;min-width:36rem;height:auto}
      .shapes svg{display:block;max-width:100%;height:auto}
      article{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.8rem;margin:.8rem 0}
      .shapes{display:flex;flex-wrap:wrap;gap:1rem}.shapes>div{flex:1 1 18rem;min-width:0}
      .formula{font-family:Cambria Math,STIX Two Math,Georgia,serif;font-size:1.05rem}
      code{font:.8rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
      caption{text-align:left;color:var(--dim);padding:.2rem 0}
      th,td{text-align:right;padding:.2rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
      th{font-weight:600}th[scope=row]{white-space:nowrap}.t,th[scope=row]{text-align:left}td:not(.t){white-space:nowrap}
      svg text{fill:var(--ink);font:11px system-ui,sans-serif}
      .axis{stroke:var(--line)}.best{fill:none;stroke:var(--blue);stroke-width:2}
      .base{fill:none;stroke:var(--red);stroke-width:2;stroke-dasharray:6 4}.cross{fill:none;stroke:var(--red);stroke-width:1.5}
      .blue{fill:var(--blue)}.orange{fill:var(--orange)}.red{fill:var(--red)}.green{fill:var(--green)}
      .sky{fill:var(--sky)}.purple{fill:var(--purple)}.grey{fill:var(--grey)}.pale{fill:var(--pale)}.dot{fill-opacity:.75}
      """;

  private Style() {}
}
