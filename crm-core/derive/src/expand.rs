//! From the struct to `impl Record`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result};

use crate::field::FieldDeclaration;
use crate::names;
use crate::record::RecordAttributes;

/// The implementation of `Record` for a struct.
pub(crate) fn record(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let attributes = RecordAttributes::of(input)?;
    check_names(&fields, &attributes)?;
    let ident = &input.ident;
    let (id, name) = (&attributes.id, &attributes.name);
    let descriptor = descriptor(input, &attributes, &fields);
    let idents: Vec<_> = fields.iter().map(|field| field.ident).collect();
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| field.rust_type).collect();
    let count = fields.len();
    Ok(quote! {
        #[automatically_derived]
        impl ::crm_core::record::Record for #ident {
            type Id = #id;

            const NAME: &'static str = ::crm_core::record::typed::derived::name_of::<#id>(#name);

            const FIELDS: &'static [&'static str] = &[#(#names),*];

            fn descriptor() -> ::crm_core::record::TypeDescriptor {
                #descriptor
            }

            fn meta(&self) -> &::crm_core::record::Meta {
                &self.meta
            }

            fn meta_mut(&mut self) -> &mut ::crm_core::record::Meta {
                &mut self.meta
            }

            fn into_values(
                self,
                values: &mut ::std::vec::Vec<::crm_core::record::Value>,
            ) -> ::crm_core::record::Meta {
                values.reserve(#count);
                #(::crm_core::record::typed::derived::put(values, self.#idents);)*
                self.meta
            }

            fn from_values(
                meta: ::crm_core::record::Meta,
                values: &mut ::std::vec::IntoIter<::crm_core::record::Value>,
            ) -> ::crm_core::Result<Self> {
                let mut record = <Self as ::core::default::Default>::default();
                let mut filling =
                    ::crm_core::record::typed::derived::Filling::new(&meta, <Self as ::crm_core::record::Record>::FIELDS, values);
                #(filling.fill(&mut record.#idents);)*
                filling.finish()?;
                record.meta = meta;
                ::core::result::Result::Ok(record)
            }
        }

        ::crm_core::record::typed::derived::impl_json!(#ident, [#(#types),*]);
    })
}

/// The fields of the record: all but `meta`.
fn fields(input: &DeriveInput) -> Result<Vec<FieldDeclaration<'_>>> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "a record type is a struct"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new(input.ident.span(), "a record type is a struct with named fields"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "a record type has no generic parameters"));
    }
    let (mut fields, mut meta) = (Vec::new(), false);
    for field in &named.named {
        let Some(ident) = &field.ident else { continue };
        if ident == "meta" {
            meta = true;
        } else {
            fields.push(FieldDeclaration::of(field, ident)?);
        }
    }
    if meta {
        Ok(fields)
    } else {
        Err(Error::new(input.ident.span(), "a record type has a field `meta: Meta`"))
    }
}

/// Refuses two fields of one name, and attributes that mention a field that there is not.
fn check_names(fields: &[FieldDeclaration<'_>], attributes: &RecordAttributes) -> Result<()> {
    for (position, field) in fields.iter().enumerate() {
        if fields[..position].iter().any(|other| other.name.value() == field.name.value()) {
            return Err(Error::new(field.name.span(), "another field has this name"));
        }
    }
    for mentioned in attributes.optional.mentioned() {
        let text = mentioned.value();
        let known = names::SYSTEM_FIELDS.contains(&text.as_str())
            || fields.iter().any(|field| field.name.value() == text);
        if !known {
            return Err(Error::new(mentioned.span(), format!("there is no field `{text}`")));
        }
    }
    Ok(())
}

fn descriptor(
    input: &DeriveInput,
    attributes: &RecordAttributes,
    fields: &[FieldDeclaration<'_>],
) -> TokenStream {
    let (name, plural) = (&attributes.name, &attributes.plural);
    let description = LitStr::new(&names::description(&input.attrs), input.ident.span());
    let optional = &attributes.optional;
    let rules = optional.rules.iter();
    let subject = optional.subject.iter();
    let sort_key = optional.sort_key.iter().map(|fields| quote!(.sort_key(&[#(#fields),*])));
    let indexes = optional.indexes.iter().map(|fields| quote!(.index(&[#(#fields),*])));
    let timeline = optional.timeline.iter().map(|timeline| {
        let (at, subjects) = (&timeline.at, &timeline.subjects);
        quote!(.timeline(#at, &[#(#subjects),*]))
    });
    let on_erasure =
        optional.on_erasure.iter().map(|action| quote!(.on_erasure(::crm_core::record::OnErasure::#action)));
    let owned = optional.owned.map(|()| quote!(.owned())).into_iter();
    let fields = fields.iter().map(declared);
    quote! {
        const FIELDS: &[::crm_core::record::typed::derived::Declared] = &[#(#fields),*];
        let record = ::crm_core::record::TypeDescriptor::new(#name, #plural)
            .describe(#description)
            #(.rules(&#rules))*
            #(.subject_field(#subject))*
            #(#sort_key)*
            #(#timeline)*
            #(#on_erasure)*
            #(#owned)*
            #(#indexes)*;
        ::crm_core::record::typed::derived::with_fields(record, FIELDS)
    }
}

fn declared(field: &FieldDeclaration<'_>) -> TokenStream {
    let FieldDeclaration { rust_type, name, description, kind, calls, .. } = field;
    let kind = kind.iter().map(|kind| quote!(.kind(|| #kind)));
    let attributes = (!calls.is_empty()).then(|| quote!(.attributes(|field| field #(#calls)*)));
    quote! {
        ::crm_core::record::typed::derived::Declared::of::<#rust_type>(#name, #description) #(#kind)* #attributes
    }
}
