import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import * as documents from './src/gql/graphql.ts';

/** In a build each document stands where it is asked: a screen that is not opened loads none of its own. */
function inlineDocuments(): Plugin {
  const call =
    /graphql\(\s*\/\* GraphQL \*\/ `\s*(?:query|mutation|subscription|fragment) (\w+)[^`]*`,?\s*\)/g;
  return {
    name: 'inline-documents',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.includes('/src/') || !code.includes('/* GraphQL */')) return undefined;
      const known = documents as unknown as Record<string, object | undefined>;
      const inlined = code.replace(call, (whole, name: string) => {
        const text = known[`${name}Document`] ?? known[`${name}FragmentDoc`];
        if (!text) throw new Error(`${name} is not generated: run npm run types`);
        return JSON.stringify(String(text));
      });
      return inlined.replace(/import \{ graphql \} from '[./]+\/gql';\n/, '');
    },
  };
}

const server = process.env.CENTRALINO_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [inlineDocuments(), react(), tailwindcss()],
  build: {
    target: 'es2022',
    // An inlined file is a `data:` address, which the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }],
        },
      },
    },
  },
  server: {
    proxy: { '/graphql': { target: server, ws: true } },
    // A test reads the schema, which stands beside this folder.
    fs: { allow: ['..'] },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
