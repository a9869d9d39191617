import type { Receipt, ReceiptEnd, ReceiptLayer } from './flag.ts';

/** What a layer that was never reached says once nobody listens any more. The last one says by itself who is missing. */
const missed: Record<Exclude<ReceiptLayer, 'accepted' | 'obeyed'>, string> = {
  recorded: "its event was not seen in Unleash's audit before the receipt closed",
  served: 'SDKs were not seen to be served the new state before the receipt closed',
  witnessed: "Firebreak's own SDK was not seen to answer so before the receipt closed",
};

/** The receipt with its end: nothing in it says any longer that it waits, and who is missing is named. */
export function closeReceipt(receipt: Receipt, end: ReceiptEnd): Receipt {
  return {
    ...receipt,
    end,
    layers: receipt.layers.map((layer) => {
      if (layer.at !== null || layer.layer === 'accepted') return layer;
      if (layer.layer !== 'obeyed') {
        // A contradiction in what is served says more than that it was not reached.
        return layer.text.startsWith('waiting') || layer.layer === 'witnessed'
          ? { ...layer, text: missed[layer.layer] }
          : layer;
      }
      const text = layer.text.startsWith('waiting')
        ? 'no report of an application was read before the receipt closed'
        : layer.text.replace('; waiting for', '; not seen to obey:');
      return { ...layer, text };
    }),
    applications: receipt.applications.map((one) => ({
      ...one,
      text: one.text
        .replace(/^waiting for a full report/, 'no full report in time')
        .replace(/^(none answered \w+) yet$/, '$1 in time'),
    })),
  };
}
