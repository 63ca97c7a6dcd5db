// The linter of graphql-eslint over the printed schema: everything sorted, described, in our shapes.
import plugin from "@graphql-eslint/eslint-plugin";
import { Linter } from "eslint";

const PLUGIN = { rules: plugin.rules };
/** Types whose names the library gives: their fields are described. */
const OF_THE_LIBRARY = "[name.value=/Connection$/]";

const rules = {
  "@graphql-eslint/alphabetize": [
    "error",
    { definitions: false, fields: ["ObjectTypeDefinition", "InterfaceTypeDefinition", "InputObjectTypeDefinition"], arguments: ["FieldDefinition"] },
  ],
  "@graphql-eslint/require-description": [
    "error",
    {
      types: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
      ignoredSelectors: [`ObjectTypeDefinition${OF_THE_LIBRARY}`, "DirectiveDefinition *"],
    },
  ],
  "@graphql-eslint/naming-convention": [
    "error",
    {
      types: "PascalCase",
      FieldDefinition: "camelCase",
      InputValueDefinition: "camelCase",
      EnumValueDefinition: "UPPER_CASE",
      allowLeadingUnderscore: false,
    },
  ],
  "@graphql-eslint/no-hashtag-description": "error",
  "@graphql-eslint/no-unreachable-types": "error",
  "@graphql-eslint/relay-arguments": ["error", { includeBoth: true }],
  "@graphql-eslint/relay-page-info": "error",
  "@graphql-eslint/require-deprecation-reason": "error",
  "@graphql-eslint/require-nullable-fields-with-oneof": "error",
  "@graphql-eslint/unique-enum-value-names": "error",
};

/** What is wrong with a schema, a line each. */
export async function lint(schema) {
  const linter = new Linter();
  const messages = linter.verify(
    schema,
    {
      files: ["**/*.graphql"],
      plugins: { "@graphql-eslint": PLUGIN },
      languageOptions: {
        parser: plugin.parser,
        parserOptions: { graphQLConfig: { schema } },
      },
      rules,
    },
    "schema.graphql",
  );
  return messages.map(({ line, message, ruleId }) => `${line}: ${message} (${ruleId})`);
}
