import { useState } from "react";
import { sentence } from "../api/client";
import type { ExportFormat } from "../model";
import { type Revealed, revealed } from "../state/reveal";
import { EXPORTS } from "../words";
import { Section } from "./CasePane";
import { useDesk, useDeskState } from "./context";
import { Dialog } from "./Dialog";

/** Exports of the record, and for supervisors what it masks. */
export function RecordTools({ handoffId }: { handoffId: string }) {
  const desk = useDesk();
  const { agent } = useDeskState();

  async function download(format: ExportFormat): Promise<void> {
    const made = await desk.attempt(() => desk.api.export(handoffId, format));
    if (!made) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(made.blob);
    link.download = made.name;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  return (
    <Section title="导出">
      <div className="deeds" role="group" aria-label="导出格式">
        {EXPORTS.map(([format, name, about]) => (
          <button key={format} type="button" className="button small" title={about} onClick={() => void download(format)}>
            {name}
          </button>
        ))}
      </div>
      {agent?.role === "supervisor" && <Reveal handoffId={handoffId} />}
    </Section>
  );
}

function Reveal({ handoffId }: { handoffId: string }) {
  const desk = useDesk();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [found, setFound] = useState<Revealed[] | null>(null);

  async function show(): Promise<void> {
    setBusy(true);
    setError("");
    try {
      const [masked, full] = [await desk.api.record(handoffId, false), await desk.api.record(handoffId, true)];
      setFound(revealed(masked, full));
      setAsking(false);
    } catch (problem) {
      setError(sentence(problem));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {found ? (
        <>
          <button type="button" className="button small" onClick={() => setFound(null)}>
            收起完整信息
          </button>
          <dl className="revealed" aria-label="完整信息">
            {found.length === 0 && <p className="soft">这份记录里没有被遮盖的内容。</p>}
            {found.map((one, index) => (
              <div key={index}>
                <dt>{one.label}</dt>
                <dd className="wrap">{one.full}</dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <button type="button" className="button small" onClick={() => setAsking(true)}>
          显示完整信息
        </button>
      )}
      {asking && (
        <Dialog
          title="显示完整信息"
          submit="确认查看"
          busy={busy}
          error={error}
          onSubmit={() => void show()}
          onClose={() => setAsking(false)}
        >
          <p>将显示被遮盖的姓名、联系方式、地址和单号。您的这次查看会被记录下来，包括时间和账号。</p>
        </Dialog>
      )}
    </>
  );
}
